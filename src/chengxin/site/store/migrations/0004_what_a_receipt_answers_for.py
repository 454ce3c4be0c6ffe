"""A receipt no longer answers for its bytes once it was recalled or, a whole list, overtaken by another one."""

from django.db import migrations, models
from django.db.models import Exists, OuterRef, Q


def tell_what_answers(apps, _):
    submissions = apps.get_model("store", "Submission").objects.all()
    later = submissions.filter(
        authority=OuterRef("authority"),
        resource=OuterRef("resource"),
        mode="full",
        received_at__gt=OuterRef("received_at"),
    )
    submissions.filter(Q(state="recalled") | Q(Exists(later), mode="full")).update(answers=False)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0003_lists_pass_over_the_ended"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="submission", name="submission_once"),
        migrations.AddField(
            model_name="submission",
            name="answers",
            field=models.BooleanField(default=True),
        ),
        migrations.RunPython(tell_what_answers, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                condition=Q(answers=True),
                fields=("authority", "resource", "mode", "digest"),
                name="submission_answers",
            ),
        ),
    ]
