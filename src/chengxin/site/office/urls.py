"""Addresses of the credit office's desk, /xinyongban/, and its menu."""

from django.urls import path, re_path

from chengxin.sharing.roles import Role
from chengxin.site.desks import entry
from chengxin.site.office import (
    admission,
    articles,
    audit,
    batches,
    catalogue,
    day,
    drafts,
    objections,
    partners,
    people,
    quality,
    queue,
    report_batches,
    reports,
    running,
    second,
)

_ID = r"(?P<identity>[0-9a-f]{32})"
_PAGE = r"(?P<section>notices|education|guides)/(?P<slug>[a-z0-9-]{1,60})"
urlpatterns = [
    path("", day.home, name="office"),
    path("jinri/", day.day, name="office_day"),
    re_path(rf"^zancun/{_ID}/$", day.decide_held, name="office_held"),
    path("rending/", queue.rows, name="office_queue"),
    re_path(rf"^rending/{_ID}/$", queue.row, name="office_row"),
    re_path(rf"^rending/{_ID}/chexiao/$", queue.undo, name="office_unjudge"),
    path("rending/zhuti/", queue.suspects, name="office_suspects"),
    re_path(rf"^fuhe/{_ID}/$", second.second, name="office_second"),
    path("zhiliang/", quality.quality, name="office_quality"),
    re_path(rf"^zhiliang/{_ID}/dafu/$", quality.answer, name="office_answer"),
    re_path(rf"^zhiliang/{_ID}/chongpan/$", quality.replay, name="office_replay"),
    path("pici/", batches.batches, name="office_batches"),
    re_path(rf"^pici/{_ID}/$", batches.batch, name="office_batch"),
    path("hezuofang/", partners.partners, name="office_partners"),
    path("jieru/", admission.bodies, name="office_admission"),
    re_path(r"^jieru/(?P<code>[0-9A-Z]{18})/$", admission.body, name="office_partner"),
    path("caoan/", drafts.listed, name="office_drafts"),
    re_path(rf"^caoan/{_ID}/chexiao/$", drafts.revoke, name="office_revoke"),
    path("caoan/<slug:kind>/<str:name>/", drafts.draft, name="office_draft"),
    path("mulu/", catalogue.catalogue, name="office_catalogue"),
    path("wenzhang/", articles.listed, name="office_articles"),
    path("wenzhang/xin/", articles.written, name="office_article_new"),
    re_path(rf"^wenzhang/{_PAGE}/$", articles.article, name="office_article"),
    re_path(rf"^wenzhang/{_PAGE}/ban/$", articles.moved, name="office_article_step"),
    path("baogao/", reports.listed, name="office_reports"),
    path("baogao/chexiao/", reports.withdraw, name="office_report_withdraw"),
    path("baogao/piliang/", report_batches.listed, name="office_report_batches"),
    path("baogao/piliang/zhantie/", report_batches.paste, name="office_report_paste"),
    path("baogao/piliang/shangchuan/", report_batches.upload, name="office_report_upload"),
    re_path(rf"^baogao/piliang/{_ID}/$", report_batches.batch, name="office_report_batch"),
    re_path(rf"^baogao/piliang/{_ID}/queren/$", report_batches.confirm, name="office_report_confirm"),
    re_path(rf"^baogao/piliang/{_ID}/tingzhi/$", report_batches.stop, name="office_report_stop"),
    re_path(rf"^baogao/piliang/{_ID}/baogao\.zip$", report_batches.as_zip, name="office_report_zip"),
    re_path(rf"^baogao/piliang/{_ID}/mingdan\.csv$", report_batches.as_csv, name="office_report_csv"),
    re_path(rf"^baogao/piliang/{_ID}/mingdan\.xlsx$", report_batches.as_xlsx, name="office_report_xlsx"),
    path("yiyi/", objections.listed, name="office_objections"),
    re_path(rf"^yiyi/{_ID}/$", objections.one, name="office_objection"),
    path("shenji/", audit.looks, name="office_looks"),
    path("shenji/rizhi/", audit.check_log, name="office_check_log"),
    path("zhanghao/", people.everybody, name="office_accounts"),
    path("zhanghao/<uuid:identity>/", people.one, name="office_account"),
    path("yunxing/", running.running, name="office_running"),
    path("miyao/", people.keys, name="office_keys"),
    path("biangeng/", people.changes, name="office_changes"),
]
entry("office_looks", "查询留痕", "Looks", Role.AUDIT)  # first: it is what an auditor comes for
entry("office_day", "今天", "Today", Role.OFFICE)
entry("office_queue", "待认定", "Rows that wait", Role.OFFICE)
entry("office_quality", "质量", "Quality", Role.OFFICE)
entry("office_batches", "批次", "Submissions", Role.OFFICE)
entry("office_partners", "合作方", "Partners", Role.OFFICE)
entry("office_drafts", "草案", "Drafts", Role.OFFICE)
entry("office_catalogue", "目录版本", "Versions", Role.OFFICE, Role.AUDIT)
entry("office_articles", "文章", "Articles", Role.OFFICE)
entry("office_reports", "信用报告", "Reports", Role.OFFICE)
entry("office_objections", "异议", "Objections", Role.OFFICE)
entry("office_accounts", "账号", "Accounts", Role.OFFICE)
entry("office_keys", "接口密钥", "API keys", Role.OFFICE)
entry("office_running", "运行", "How it runs", Role.RUN, Role.SECURITY)
entry("office_changes", "账号变更", "Changes of accounts", Role.AUDIT, Role.SECURITY, Role.OFFICE)
