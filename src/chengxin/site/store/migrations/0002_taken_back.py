"""Which change set said a version, and by which one a change set was taken back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial")]

    operations = [
        migrations.AddField("changeset", "undone_in", models.IntegerField(null=True)),
        migrations.AddField("record", "said_in", models.IntegerField(default=0), preserve_default=False),
        migrations.RunSQL("UPDATE store_record SET said_in = since", migrations.RunSQL.noop),
    ]
