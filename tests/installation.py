"""Settings of an installation that knows nothing of the machine its tests run on."""

from pydantic_settings import SettingsConfigDict

from trex_app.core.settings import Settings


class TestSettings(Settings):
    """Only what a test says, else the defaults: no environment, no `.env`."""

    __test__ = False  # a name for people, not a test class
    model_config = SettingsConfigDict(env_prefix="NOT_THIS_", env_file=None, extra="forbid")
