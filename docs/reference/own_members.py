"""For the reference: a package shows its modules, and not once more what it imports from them."""

from griffe import Extension, Module


class OwnMembers(Extension):
    """Takes imported names out of every module."""

    def on_package(self, *, pkg: Module, **kwargs: object) -> None:
        """Called when the package and all its modules have been read."""
        del kwargs
        for module in (pkg, *_modules(pkg)):
            for name in [name for name, member in module.members.items() if member.is_alias]:
                del module.members[name]


def _modules(module: Module) -> list[Module]:
    below = [member for member in module.modules.values() if not member.is_alias]
    return below + [deeper for member in below for deeper in _modules(member)]
