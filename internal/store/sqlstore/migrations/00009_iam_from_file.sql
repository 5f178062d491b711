-- +goose Up

-- What the organisation file declared is looked for in all accounts at once.
CREATE INDEX iam_users_from_file ON iam_users (account, name_key) WHERE from_file = 1;
CREATE INDEX iam_groups_from_file ON iam_groups (account, name_key) WHERE from_file = 1;
CREATE INDEX roles_from_file ON roles (account, name_key) WHERE from_file = 1;
CREATE INDEX iam_policies_from_file ON iam_policies (account, name_key) WHERE from_file = 1;
