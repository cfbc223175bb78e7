"""What an operator is given is complete: every setting documented, every service watched."""

import re

import yaml

from tests.architecture import ROOT

# env.text("NAME") must be set, env.text("NAME", "default") and env.flag("NAME") may be
READ = re.compile(r'env\.(text|flag|words|data_keys)\("(\w+)"(,?)')


def _settings() -> dict[str, bool]:
    """Each variable the settings read; True when it must be set."""
    text = (ROOT / "crm" / "settings.py").read_text()
    return {
        name: reader in {"text", "data_keys"} and comma == "" for reader, name, comma in READ.findall(text)
    }


def test_every_setting_is_documented() -> None:
    manual = (ROOT / "docs" / "operations.md").read_text()
    assert [name for name in _settings() if f"`{name}`" not in manual] == []


def test_every_needed_setting_has_its_place_in_the_container() -> None:
    given = (ROOT / ".env.sample").read_text() + (ROOT / "docker-compose.yml").read_text()
    needed = [name for name, must in _settings().items() if must]
    assert "CRM_SECRET_KEY" in needed
    assert [name for name in needed if not re.search(rf"^\s*{name}[=:]", given, flags=re.M)] == []


def test_every_service_is_watched() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert {"web", "worker", "beat", "postgres", "valkey"} <= services.keys()
    # web uses the image's own health check
    unwatched = [name for name, service in services.items() if name != "web" and "healthcheck" not in service]
    assert unwatched == []
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()


def test_the_application_is_not_root() -> None:
    assert re.search(r"^USER crm$", (ROOT / "Dockerfile").read_text(), flags=re.M)
