"""Every way into the services asks for a permission; a role without it is refused in the service itself."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from studio_desktop.domain.errors import NotAllowed
from studio_desktop.domain.permissions import PERMISSIONS, Permission, Role
from studio_desktop.services import Services
from studio_desktop.services.service import Service


def service_methods(services: Services) -> Iterator[tuple[str, Any]]:
    for name, service in vars(services).items():
        if isinstance(service, Service):
            for method, _ in inspect.getmembers(type(service), inspect.isfunction):
                if not method.startswith("_") and method not in vars(Service):
                    yield f"{name}.{method}", getattr(service, method)


def test_that_every_public_method_of_every_service_declares_its_permission(services: Services) -> None:
    """S4-18: default is to refuse; a method without a declaration fails here. RELIABILITY 96."""
    undeclared = [name for name, method in service_methods(services) if not hasattr(method, "required_permission")]
    assert undeclared == []


@pytest.mark.parametrize("role", list(Role))
def test_that_a_role_is_refused_whatever_it_lacks(services: Services, role: Role) -> None:
    """S4-18. RELIABILITY 96."""
    restricted = Services(services.database, replace(services.desk, role=role))
    for name, method in service_methods(restricted):
        permission: Permission = method.required_permission
        if permission in PERMISSIONS[role]:
            continue
        required = [
            parameter
            for parameter in inspect.signature(method).parameters.values()
            if parameter.default is inspect.Parameter.empty and parameter.kind is not inspect.Parameter.KEYWORD_ONLY
        ]
        with pytest.raises(NotAllowed, match=permission.value):
            method(*(None for _ in required))
        assert name


def test_that_each_permission_belongs_to_the_owner_and_a_viewer_can_change_nothing() -> None:
    assert PERMISSIONS[Role.OWNER] == frozenset(Permission)
    assert not {p for p in PERMISSIONS[Role.VIEWER] if p.value.startswith(("add", "change", "delete", "import"))}
