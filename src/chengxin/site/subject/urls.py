"""Addresses of a subject's desk, /wode/, and its menu."""

from django.urls import path, re_path

from chengxin.sharing.roles import Role
from chengxin.site.desks import entry
from chengxin.site.subject import home, objections, reports, shares

_ID = r"(?P<identity>[0-9a-f]{32})"

urlpatterns = [
    path("", home.home, name="subject_home"),
    path("dangan.json", home.taken_away, name="subject_file"),
    path("chaxun/", home.looks, name="subject_looks"),
    path("fenxiang/", shares.page, name="subject_shares"),
    path("baogao/", reports.page, name="subject_reports"),
    path("baogao/chuju/", reports.issue, name="subject_report_issue"),
    path("yiyi/", objections.listed, name="subject_objections"),
    re_path(rf"^yiyi/xin/{_ID}/$", objections.raised, name="subject_object"),
    re_path(rf"^yiyi/{_ID}/$", objections.one, name="subject_objection"),
    re_path(rf"^yiyi/{_ID}/chehui/$", objections.taken_back, name="subject_objection_back"),
    re_path(rf"^baogao/{_ID}/$", reports.report, name="subject_report"),
    re_path(rf"^baogao/{_ID}/baogao\.pdf$", reports.as_pdf, name="subject_report_file"),
    re_path(rf"^baogao/{_ID}/baogao\.json$", reports.as_data, name="subject_report_data"),
]
entry("subject_home", "我的信用档案", "My file", Role.SUBJECT)
entry("subject_reports", "信用报告", "Reports", Role.SUBJECT)
entry("subject_shares", "分享的报告", "Shared reports", Role.SUBJECT)
entry("subject_objections", "异议", "Objections", Role.SUBJECT)
entry("subject_looks", "谁查过我", "Who looked", Role.SUBJECT)
