"""Reports for a list of organisations: jobs of the credit office, and which job a report was issued in."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0017_partners"),
    ]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="authority",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="store.authority"),
        ),
        migrations.AddField(model_name="report", name="batch", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="report", name="items", field=models.IntegerField(null=True)),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(models.F("batch"), models.F("subject"), name="report_once_in_batch"),
        ),
    ]
