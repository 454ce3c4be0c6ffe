"""What a recall brings back is found by an index of the versions that ended: loading new ones costs nothing more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0012_articles"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="record",
            index=models.Index(condition=models.Q(until__isnull=False), fields=["key"], name="record_past"),
        ),
    ]
