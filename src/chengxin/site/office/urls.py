"""Addresses of the credit office's desk, /xinyongban/, and its menu."""

from django.urls import path

from chengxin.sharing.roles import Role
from chengxin.site.desks import entry
from chengxin.site.office import day

urlpatterns = [
    path("", day.home, name="office"),
    path("jinri/", day.day, name="office_day"),
]
entry("office_day", "今天", "Today", Role.OFFICE)
