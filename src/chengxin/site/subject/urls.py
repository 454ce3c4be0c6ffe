"""Addresses of a subject's desk, /wode/, and its menu."""

from django.urls import path

from chengxin.sharing.roles import Role
from chengxin.site.desks import entry
from chengxin.site.subject import home

urlpatterns = [
    path("", home.home, name="subject_home"),
]
entry("subject_home", "我的", "Mine", Role.SUBJECT)
