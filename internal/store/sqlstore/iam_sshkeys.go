package sqlstore

import (
	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/sqldb"
)

var (
	errNoSSHPublicKey = fault.New(fault.NotFound, "no-ssh-public-key", "The SSH public key does not exist.")

	putSSHPublicKey = upsert("ssh_public_keys", "id", sshPublicKeyColumns)
)

const (
	sshPublicKeyColumns = "id, account, user_id, body, fingerprint, active, uploaded_at"

	sshPublicKeysOf = "SELECT " + sshPublicKeyColumns + " FROM ssh_public_keys WHERE user_id = ? ORDER BY uploaded_at, id"
)

func scanSSHPublicKey(r sqldb.Row) (k iam.SSHPublicKey, err error) {
	return k, r.Scan(&k.ID, &k.Account, &k.User, &k.Body, &k.Fingerprint, &k.Active, sqldb.AsTime(&k.UploadedAt))
}

func (t *tx) SSHPublicKey(id string) (iam.SSHPublicKey, error) {
	k, err := one(t, scanSSHPublicKey, "SELECT "+sshPublicKeyColumns+" FROM ssh_public_keys WHERE id = ?", id)
	return orNone(k, err, errNoSSHPublicKey)
}

func (t *tx) SSHPublicKeys(user string) ([]iam.SSHPublicKey, error) {
	return all(t, scanSSHPublicKey, sshPublicKeysOf, user)
}

// PutSSHPublicKey is NotFound if there is no such account or user.
func (t *tx) PutSSHPublicKey(k iam.SSHPublicKey) error {
	_, err := t.exec(putSSHPublicKey, k.ID, k.Account, k.User, k.Body, k.Fingerprint, k.Active, sqldb.Micros(k.UploadedAt))
	return noAccount(err)
}

func (t *tx) DeleteSSHPublicKey(id string) error {
	n, err := t.exec("DELETE FROM ssh_public_keys WHERE id = ?", id)
	return mustChange(n, err, errNoSSHPublicKey)
}
