"""The servers that an installation may use are there, and are what they should be."""

import psycopg
import redis


def test_postgresql_answers(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_redis_answers(redis_url: str) -> None:
    assert redis.Redis.from_url(redis_url).ping()


def test_rabbitmq_answers(rabbitmq_url: str) -> None:
    assert rabbitmq_url.startswith("amqp")  # the fixture has greeted it
