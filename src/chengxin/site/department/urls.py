"""Addresses of the department's desk, /bumen/, and its menu."""

from django.urls import path

from chengxin.site.department import day
from chengxin.site.desks import entry

urlpatterns = [
    path("", day.day, name="department"),
]
entry("department", "今天", "My day", *day.ROLES)
