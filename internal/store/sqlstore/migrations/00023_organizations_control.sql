-- +goose Up

-- Of organizations: who administers what, which services are trusted, the policy
-- that lets members in, and tags.

CREATE TABLE org_delegates (
  account      TEXT NOT NULL,
  service      TEXT NOT NULL, -- its principal
  organization TEXT NOT NULL REFERENCES organizations (id),
  since        BIGINT NOT NULL,
  PRIMARY KEY (account, service)
);
CREATE UNIQUE INDEX org_delegates_service ON org_delegates (organization, service, account);
CREATE UNIQUE INDEX org_delegates_account ON org_delegates (organization, account, service);

CREATE TABLE org_trusted_services (
  organization TEXT NOT NULL REFERENCES organizations (id),
  service      TEXT NOT NULL, -- its principal
  since        BIGINT NOT NULL,
  PRIMARY KEY (organization, service)
);
-- Identity Center was enabled for organizations before they said so.
INSERT INTO org_trusted_services (organization, service, since)
SELECT organization, 'sso.amazonaws.com', created_at FROM instances WHERE organization IS NOT NULL;
-- Root features were enabled without it as well.
INSERT INTO org_trusted_services (organization, service, since)
SELECT o.id, 'iam.amazonaws.com', o.created_at FROM organizations o;

CREATE TABLE org_resource_policies (
  organization TEXT PRIMARY KEY REFERENCES organizations (id),
  id           TEXT NOT NULL,
  document     TEXT NOT NULL
);

CREATE TABLE org_tags (
  resource     TEXT NOT NULL, -- root, unit, account, policy or resource policy
  tag_key      TEXT NOT NULL,
  tag_value    TEXT NOT NULL,
  organization TEXT NOT NULL REFERENCES organizations (id),
  PRIMARY KEY (resource, tag_key)
);
CREATE INDEX org_tags_organization ON org_tags (organization);

-- When a policy's document was last changed, for DescribeEffectivePolicy, and which
-- was attached first, because that one wins over others on the same target.
ALTER TABLE org_policies ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE org_attachments ADD COLUMN place BIGINT NOT NULL DEFAULT 0;
