"""Addresses of the public site."""

from django.urls import path, re_path

from chengxin.site.public import (
    articles,
    catalogue,
    dashboard,
    lists,
    log,
    measures,
    opendata,
    pages,
    search,
    shared,
    texts,
    verify,
)
from chengxin.site.public.exports import FORMS

_CODE = r"(?P<code>[0-9A-Za-z]{6,32})"
_ID = r"(?P<identity>[0-9a-f]{32})"
urlpatterns = [
    path("", pages.home, name="home"),
    path("search/", search.search, name="search"),
    re_path(rf"^search\.(?P<form>{'|'.join(FORMS)})$", search.search_file, name="search_file"),
    re_path(rf"^subjects/{_CODE}/$", pages.subject, name="subject"),
    re_path(rf"^subjects/{_CODE}\.json$", pages.subject_json, name="subject_json"),
    re_path(rf"^records/{_ID}/$", pages.record, name="record"),
    re_path(rf"^records/{_ID}\.json$", pages.record_json, name="record_json"),
    path("lists/<slug:name>/", lists.one_list, name="list"),
    re_path(rf"^lists/(?P<name>[a-z]+)\.(?P<form>{'|'.join(FORMS)})$", lists.list_file, name="list_file"),
    path("dashboard/", dashboard.page, name="dashboard"),
    re_path(rf"^dashboard/(?P<name>[a-z]+)\.(?P<form>{'|'.join(FORMS)})$", dashboard.tile_file, name="tile_file"),
    path("open-data/", opendata.page, name="open_data"),
    path("open-data/catalog.jsonld", opendata.dcat, name="dcat"),
    path("open-data/packages/<slug:name>.zip", opendata.package, name="package"),
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/resources/<slug:name>/", catalogue.resource, name="resource"),
    path("catalogue/codes/<slug:name>/", catalogue.code_list, name="code_list"),
    path("catalogue/laws/", catalogue.laws, name="laws"),
    path("catalogue/laws/<slug:identity>/", catalogue.law, name="law"),
    path("catalogue/lists/", catalogue.law_lists, name="law_lists"),
    path("measures/", measures.page, name="measures"),
    path("standards/", catalogue.standards, name="standards"),
    path("notices/feed.atom", articles.feed, name="feed"),
    re_path(rf"^(?P<name>{'|'.join(articles.SECTIONS)})/$", articles.section, name="articles"),
    re_path(
        rf"^(?P<name>{'|'.join(articles.SECTIONS)})/(?P<slug>[a-z0-9-]{{1,60}})/$", articles.article, name="article"
    ),
    path("verify/", verify.page, name="verify"),
    path("verify/certificate.pem", verify.certificate, name="verify_certificate"),
    path("verify/file/", verify.file, name="verify_file"),
    re_path(r"^verify/(?P<number>[^/]{1,60})/$", verify.number, name="verify_number"),
    re_path(r"^verify/(?P<number>[^/]{1,60})\.json$", verify.number_json, name="verify_json"),
    re_path(rf"^shared/{_ID}/$", shared.page, name="shared"),
    re_path(rf"^shared/{_ID}/report\.pdf$", shared.file, name="shared_file"),
    path("log/", log.page, name="log"),
    path("log/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("log/files.txt", log.files, name="log_files"),
    path("log/tile/<path:path>", log.tile, name="log_tile"),
    re_path(rf"^(?P<name>{'|'.join(texts.PAGES)})/$", texts.text, name="text"),
    path("robots.txt", texts.robots, name="robots"),
]
