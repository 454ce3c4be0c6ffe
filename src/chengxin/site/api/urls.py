"""Addresses of the API, /api/. A new family of operations adds its module here; what is in none answers as a problem."""

from django.urls import path, re_path

from chengxin.site.api import changes, checks, pages, reports, subjects, submissions
from chengxin.site.api.operations import at

_CODE = r"(?P<code>[0-9A-Za-z]{6,32})"
_SENT = r"(?P<submission>[0-9a-f]{32})"
urlpatterns = [
    path("", pages.page, name="api"),
    path("v1/openapi.json", pages.openapi, name="api_openapi"),
    path("v1/submissions", at(submissions.post_submission), name="api_submissions"),
    re_path(rf"^v1/submissions/{_SENT}$", at(submissions.get_submission), name="api_submission"),
    re_path(rf"^v1/submissions/{_SENT}/findings$", at(submissions.get_findings), name="api_findings"),
    re_path(r"^v1/jobs/(?P<job>[0-9a-f]{32})$", at(submissions.get_job), name="api_job"),
    path("v1/checks", at(checks.post_check), name="api_checks"),
    re_path(r"^v1/checks/(?P<receipt>[0-9a-f]{32})$", at(checks.get_receipt), name="api_receipt"),
    re_path(r"^v1/reports/(?P<number>[0-9A-Za-z-]{20,60})$", at(reports.get_report), name="api_report"),
    re_path(rf"^v1/subjects/{_CODE}$", at(subjects.get_subject), name="api_subject"),
    path("v1/changes", at(changes.get_changes), name="api_changes"),
    path("v1/changes/confirmations", at(changes.post_confirmation), name="api_confirmations"),
    re_path(r"^v1/snapshots/(?P<resource>[a-z_]{1,40})$", at(changes.get_snapshot), name="api_snapshot"),
    re_path(r"^(?P<rest>(?s:.*))\Z", pages.unknown, name="api_unknown"),
]
