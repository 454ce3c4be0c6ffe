"""Roles: no bundle that an account may hold unites what one person may not."""

from itertools import combinations, product

import pytest

from chengxin.sharing.pairs import Duty, pair_forbidden
from chengxin.sharing.roles import Role, Seating, may_give, roles_refused, self_given
from chengxin.standards.readers import Reader

BUNDLES = [set(some) for n in range(len(Role) + 1) for some in combinations(Role, n)]
HELD = [bundle for bundle in BUNDLES if roles_refused(bundle) is None]


def test_no_bundle_unites_a_pair_that_is_forbidden_ever_or_two_desks() -> None:
    assert HELD and all({role} in HELD for role in Role)
    for bundle in HELD:
        duties = {duty for role in bundle for duty in role.duties}
        assert not any(pair_forbidden(a, b, same_case=False) for a, b in product(duties, duties)), bundle
        assert len({role.seating for role in bundle}) == 1


def test_a_refused_bundle_says_why_in_both_languages() -> None:
    for bundle in BUNDLES:
        if bundle not in HELD:
            refused = roles_refused(bundle)
            assert refused is not None and refused.zh and refused.en


@pytest.mark.parametrize("role", Role)
def test_each_role_has_a_desk_a_reader_and_known_duties(role: Role) -> None:
    assert role.seating in Seating and role.reader in Reader and role.reader is not Reader.PUBLIC
    assert role.duties <= set(Duty)


def test_who_reads_for_a_department_or_the_office_neither_runs_nor_audits_the_system() -> None:
    for bundle in HELD:
        if {Role.RUN, Role.AUDIT} & bundle:
            assert not any(Duty.READ in role.duties for role in bundle)


def test_a_manager_gives_no_role_that_gives_roles() -> None:
    assert may_give({Role.MANAGE}) == {Role.ENTER, Role.REVIEW, Role.CHECK}
    assert may_give({Role.OFFICE}) == set(Role)
    for role in set(Role) - {Role.MANAGE, Role.OFFICE}:
        assert may_give({role}) == set(), role
    assert all(Duty.GIVE_ROLE in role.duties for role in (Role.MANAGE, Role.OFFICE))
    assert self_given().zh == "不能给自己授予角色。"
