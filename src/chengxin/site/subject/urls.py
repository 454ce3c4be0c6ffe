"""Addresses of a subject's desk, /wode/, and its menu."""

from django.urls import path

from chengxin.sharing.roles import Role
from chengxin.site.desks import entry
from chengxin.site.subject import home

urlpatterns = [
    path("", home.home, name="subject_home"),
    path("dangan.json", home.taken_away, name="subject_file"),
    path("chaxun/", home.looks, name="subject_looks"),
]
entry("subject_home", "我的信用档案", "My file", Role.SUBJECT)
entry("subject_looks", "谁查过我", "Who looked", Role.SUBJECT)
