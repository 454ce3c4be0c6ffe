"""What was said again is kept, so that a recall of one submission leaves what others repeat."""

from django.db import migrations, models

# Of what was repeated before only the second senders of an act are known.
_SECOND_SENDERS = """
INSERT INTO store_saidagain (since, place, key, said_in)
SELECT o.since, row_number() OVER (PARTITION BY o.since ORDER BY o.id) - 1, o.key, r.said_in
FROM store_recordsource o JOIN store_record r ON r.key = o.key AND r.until IS NULL WHERE o.until IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0013_versions_that_ended"),
    ]

    operations = [
        migrations.CreateModel(
            name="SaidAgain",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "since", "place", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.IntegerField()),
                ("place", models.IntegerField()),
                ("key", models.UUIDField(db_index=True)),
                ("said_in", models.IntegerField()),
            ],
        ),
        migrations.RunSQL(_SECOND_SENDERS, migrations.RunSQL.noop),
        migrations.DeleteModel(name="RecordSource"),
        migrations.AddField(
            model_name="subjectfact",
            name="said_in",
            field=models.IntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL("UPDATE store_subjectfact SET said_in = since", migrations.RunSQL.noop),
    ]
