"""Addresses of the department's desk, /bumen/, and its menu."""

from django.urls import path

from chengxin.sharing.roles import Role
from chengxin.site.department import day, team
from chengxin.site.desks import entry

urlpatterns = [
    path("", day.day, name="department"),
    path("tuandui/", team.team, name="team"),
    path("tuandui/<uuid:identity>/", team.member, name="team_member"),
    path("miyao/", team.keys, name="team_keys"),
]
entry("department", "今天", "My day", *day.ROLES)
entry("team", "团队", "Team", Role.MANAGE)
entry("team_keys", "接口密钥", "API keys", Role.MANAGE)
