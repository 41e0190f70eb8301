"""Runs the schema history over the connection that `trex_app.db.migrate` hands in."""

from alembic import context

from trex_app.db import migrate

connection = context.config.attributes.get("connection")
if connection is not None:
    migrate.configure(context, connection)
    context.run_migrations()
else:
    # Started by alembic's own command line, to compare models or to write a revision.
    with migrate.locked_connection(migrate.default_url()) as own_connection:
        migrate.configure(context, own_connection)
        context.run_migrations()
