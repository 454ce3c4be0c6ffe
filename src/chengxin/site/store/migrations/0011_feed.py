"""The feed tells versions by the change set that brought or ended them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0010_office")]

    operations = [
        migrations.AddIndex("record", models.Index("since", "id", name="record_feed_put")),
        migrations.AddIndex(
            "record",
            models.Index("until", "id", condition=models.Q(until__isnull=False), name="record_feed_gone"),
        ),
    ]
