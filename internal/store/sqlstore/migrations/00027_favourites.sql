-- +goose Up

-- What people keep first in their access portal.

CREATE TABLE person_favourites (
  user_id   TEXT NOT NULL,
  kind      TEXT NOT NULL, -- ACCOUNT or APPLICATION
  target    TEXT NOT NULL,
  marked_at BIGINT NOT NULL,
  PRIMARY KEY (user_id, kind, target)
);
