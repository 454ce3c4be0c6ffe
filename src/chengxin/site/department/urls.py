"""Addresses of the department's desk, /bumen/, and its menu."""

from django.urls import path, re_path

from chengxin.sharing.roles import Role
from chengxin.site.department import checking, day
from chengxin.site.desks import entry

urlpatterns = [
    path("", day.day, name="department"),
    path("hecha/", checking.checking, name="department_check"),
    re_path(r"^hecha/(?P<receipt>[0-9a-f]{32})/$", checking.checked, name="department_checked"),
]
entry("department", "今天", "My day", *day.ROLES)
entry("department_check", "核查", "Check", Role.CHECK)
