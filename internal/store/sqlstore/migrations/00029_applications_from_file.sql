-- +goose Up

-- Which applications and trusted token issuers the organisation file declares.
ALTER TABLE applications ADD COLUMN from_file BIGINT NOT NULL DEFAULT 0;
ALTER TABLE token_issuers ADD COLUMN from_file BIGINT NOT NULL DEFAULT 0;
