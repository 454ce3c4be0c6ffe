"""Objections: a subject says that a record of its own is wrong."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0019_own_reports_and_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("key", models.UUIDField()),
                ("record", models.UUIDField()),
                ("subject", models.UUIDField()),
                ("resource", models.CharField(max_length=40)),
                ("sender", models.CharField(max_length=18)),
                ("ground", models.CharField(max_length=20)),
                ("statement", models.TextField()),
                ("shown", models.BooleanField()),
                ("raised_by", models.CharField(max_length=40)),
                ("raised_on", models.DateField()),
                ("raised_at", models.DateTimeField()),
                ("state", models.CharField(max_length=10)),
                ("sent_by", models.CharField(blank=True, max_length=40)),
                ("sent_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True)),
                ("answered_by", models.CharField(blank=True, max_length=40)),
                ("answered_at", models.DateTimeField(null=True)),
                ("decided_by", models.CharField(blank=True, max_length=40)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(blank=True)),
                ("since", models.IntegerField()),
                ("upheld_in", models.IntegerField(null=True)),
                ("until", models.IntegerField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(models.F("key"), name="objection_key"),
                    models.Index(models.F("state"), models.F("raised_on"), name="objection_state"),
                    models.Index(models.F("subject"), models.F("raised_at"), name="objection_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("key"),
                        condition=models.Q(("until", None), ("upheld_in", None)),
                        name="objection_once_at_a_time",
                    )
                ],
            },
        ),
    ]
