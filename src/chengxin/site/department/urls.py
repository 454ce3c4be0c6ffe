"""Addresses of the department's desk, /bumen/, and its menu."""

from django.urls import path, re_path

from chengxin.sharing.roles import Role
from chengxin.site.department import (
    checking,
    day,
    figures,
    form,
    job,
    mend,
    objections,
    problems,
    receipt,
    records,
    review,
    send,
    team,
)
from chengxin.site.department.common import ROLES
from chengxin.site.desks import entry

_ID = r"(?P<identity>[0-9a-f]{32})"
urlpatterns = [
    path("", day.day, name="department"),
    path("baosong/", send.choose, name="department_send"),
    path("baosong/<slug:name>/", send.item, name="department_item"),
    path("baosong/<slug:name>/moban.xlsx", send.form_to_fill, name="department_template"),
    path("baosong/<slug:name>/shangchuan/", send.upload, name="department_upload"),
    path("baosong/<slug:name>/luru/", form.one, name="department_form"),
    path("baosong/<slug:name>/lingbaogao/", send.nothing, name="department_zero"),
    path("baosong/<slug:name>/guize/", problems.dispute, name="department_dispute"),
    re_path(rf"^renwu/{_ID}/$", job.page, name="department_job"),
    re_path(rf"^renwu/{_ID}/tingzhi/$", job.stop, name="department_stop"),
    re_path(rf"^renwu/{_ID}/yincang/$", job.hidden, name="department_hidden"),
    re_path(rf"^renwu/{_ID}/biaotou/$", job.headings, name="department_headings"),
    re_path(rf"^renwu/{_ID}/xiugai/$", mend.mend, name="department_mend"),
    re_path(rf"^renwu/{_ID}/queren/$", job.confirm, name="department_confirm"),
    re_path(rf"^renwu/{_ID}/pizhu\.xlsx$", job.annotated, name="department_annotated"),
    re_path(rf"^renwu/{_ID}/wenti\.csv$", job.findings, name="department_findings"),
    re_path(rf"^pici/{_ID}/$", receipt.receipt, name="department_receipt"),
    re_path(rf"^pici/{_ID}/huizhi\.pdf$", receipt.pdf, name="department_receipt_pdf"),
    path("shencha/", review.waiting, name="department_reviews"),
    re_path(rf"^shencha/{_ID}/$", review.review, name="department_review"),
    path("wenti/", problems.problems, name="department_problems"),
    re_path(rf"^wenti/{_ID}/$", problems.problem, name="department_problem"),
    re_path(rf"^wenti/{_ID}/zaibao/$", problems.again, name="department_again"),
    path("xinxi/", records.records, name="department_records"),
    re_path(rf"^xinxi/{_ID}/$", records.record, name="department_record"),
    re_path(rf"^xinxi/{_ID}/gengzheng/$", records.correct, name="department_correct"),
    re_path(rf"^xinxi/{_ID}/chexiao/$", records.withdraw, name="department_withdraw"),
    path("yiyi/", objections.listed, name="department_objections"),
    re_path(rf"^yiyi/{_ID}/$", objections.one, name="department_objection"),
    path("zhibiao/", figures.figures, name="department_figures"),
    path("zhibiao/<slug:measure>/<slug:name>/", figures.behind, name="department_behind"),
    path("hecha/", checking.checking, name="department_check"),
    re_path(r"^hecha/(?P<receipt>[0-9a-f]{32})/$", checking.checked, name="department_checked"),
    path("tuandui/", team.team, name="team"),
    path("tuandui/<uuid:identity>/", team.member, name="team_member"),
    path("miyao/", team.keys, name="team_keys"),
]
entry("department", "今天", "My day", *ROLES)
entry("department_send", "报送", "Send", Role.ENTER, Role.MANAGE)
entry("department_reviews", "审查", "Review", Role.REVIEW)
entry("department_problems", "问题数据", "Problem data", *ROLES)
entry("department_records", "本单位信息", "Our records", *ROLES)
entry("department_objections", "异议", "Objections", Role.ENTER, Role.REVIEW)
entry("department_check", "核查", "Check", Role.CHECK)
entry("department_figures", "指标", "Figures", *ROLES)
entry("team", "团队", "Team", Role.MANAGE)
entry("team_keys", "接口密钥", "API keys", Role.MANAGE)
