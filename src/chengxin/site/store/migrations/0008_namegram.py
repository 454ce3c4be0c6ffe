from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Grams are looked up by equality and by their beginning, byte by byte; a row is nothing but its key.
_SHAPE = {
    "postgresql": ['ALTER TABLE store_namegram ALTER COLUMN gram TYPE text COLLATE "C"'],
    "sqlite": [
        "DROP TABLE store_namegram",
        "CREATE TABLE store_namegram (gram text NOT NULL, subject char(32) NOT NULL, since integer NOT NULL, "
        "PRIMARY KEY (gram, subject)) WITHOUT ROWID",
    ],
}


def shape(_: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _SHAPE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("store", "0007_department")]

    operations = [
        migrations.CreateModel(
            name="NameGram",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "gram", "subject", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("gram", models.TextField()),
                ("subject", models.UUIDField()),
                ("since", models.IntegerField()),
            ],
        ),
        migrations.RunPython(shape, migrations.RunPython.noop),
        migrations.AddField(
            "head", "names", models.CharField(max_length=64, blank=True, default=""), preserve_default=False
        ),
    ]
