"""config.yaml with its drop-ins, arguments and environment, put together as K3s does."""
import glob
import os

import yaml

from flags import ALIASES, ENVIRONMENT, REPEATABLE, SWITCHES, names_of
from journal import Fatal, log

DEFAULT_CONFIG = "/etc/rancher/k3s/config.yaml"


def load_options(role, arguments, environ):
    """Option name to value: a list for repeatable options, True for switches, else a string."""
    arguments = _config_arguments(role, _config_path(arguments, environ)) + list(arguments)
    options = _parse(role, arguments)
    for name, variable in ENVIRONMENT.items():
        if name in names_of(role) and name not in options and environ.get(variable):
            _set(options, name, environ[variable])
    return options


def node_arguments(role, arguments, environ):
    """What ran, as the node's annotation shows it."""
    return [role, *_config_arguments(role, _config_path(arguments, environ), quiet=True), *arguments]


def _config_path(arguments, environ):
    if environ.get("K3S_CONFIG_FILE"):
        return environ["K3S_CONFIG_FILE"]
    for i, word in enumerate(arguments):
        name, equals, value = word.lstrip("-").partition("=")
        if word.startswith("-") and name in ("config", "c"):
            return value if equals else arguments[i + 1]
    return DEFAULT_CONFIG


def _config_arguments(role, path, quiet=False):
    merged = {}
    for file in [path, *sorted(p for p in glob.glob(path + ".d/*") if p.lower().endswith((".yaml", ".yml")))]:
        _merge(merged, _read(file))
    words = []
    for key, value in merged.items():
        if role == "server" and key not in names_of("server") and key not in ALIASES:
            if not quiet:
                log(f"Unknown flag --{key} found in config.yaml, skipping", "warning")
            continue
        dashes = "-" if len(key) == 1 else "--"
        words += [f"{dashes}{key}={_text(one)}" for one in (value if isinstance(value, list) else [value])]
    return words


def _read(file):
    try:
        with open(file, encoding="utf-8") as stream:
            return yaml.safe_load(stream) or {}
    except FileNotFoundError:
        return {}
    except yaml.YAMLError as error:
        raise Fatal(f"failed to parse config file {file}: yaml: {' '.join(str(error).split())}") from None


def _merge(merged, content):
    if not isinstance(content, dict):
        raise Fatal("failed to parse config file: yaml: unmarshal errors: cannot unmarshal into map")
    for key, value in content.items():
        key = str(key)
        if key.endswith("+"):
            key, old = key[:-1], merged.get(key[:-1], [])
            value = (old if isinstance(old, list) else [old]) + (value if isinstance(value, list) else [value])
        merged[key] = value


def _text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _parse(role, arguments):
    options, words = {}, list(arguments)
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            continue
        name, equals, value = word.lstrip("-").partition("=")
        name = ALIASES.get(name, name)
        if name not in names_of(role):
            raise Fatal(f"flag provided but not defined: -{name}")
        if not equals:
            value = "true" if name in SWITCHES else words.pop(0) if words else ""
        _set(options, name, value)
    return options


def _set(options, name, value):
    if name in REPEATABLE:
        options.setdefault(name, []).append(value)
    else:
        options[name] = value.lower() in ("true", "1", "t") if name in SWITCHES else value
