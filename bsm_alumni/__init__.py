"""BSM Alumni: registry and presenter desk of the Border Security and Management programme."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bsm_alumni.application import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    """The application loads when it is asked for: a command that needs only the planner starts without it."""
    if name != "create_app":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from bsm_alumni.application import create_app

    return create_app
