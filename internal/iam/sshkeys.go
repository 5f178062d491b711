package iam

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"sekisho/internal/arn"
	"sekisho/internal/fault"
)

// SSHPublicKey is a key with which a user reaches CodeCommit.
type SSHPublicKey struct {
	ID      string // APKA…
	Account string
	User    string // id
	// Body is the key as "ssh-rsa AAAA…", without a comment.
	Body string
	// Fingerprint is the MD5 of the key in hex with colons.
	Fingerprint string
	Active      bool
	UploadedAt  time.Time
}

// SSHKeyStore keeps SSH keys.
type SSHKeyStore interface {
	SSHPublicKey(id string) (SSHPublicKey, error)
	// SSHPublicKeys returns the user's, oldest first.
	SSHPublicKeys(user string) ([]SSHPublicKey, error)
	PutSSHPublicKey(k SSHPublicKey) error
	DeleteSSHPublicKey(id string) error
}

// SSHEncoding is a way to write an SSH key.
type SSHEncoding string

// The ways.
const (
	SSHEncoded SSHEncoding = "SSH" // ssh-rsa AAAA…
	PEMEncoded SSHEncoding = "PEM" // SubjectPublicKeyInfo
)

const (
	maxSSHKeys = 5
	minSSHBits = 2048
)

// UploadSSHPublicKey gives a key to the user. It is an RSA key of at least 2,048
// bits, in one line as OpenSSH writes it or in PEM; the second result says which.
func UploadSSHPublicKey(tx Store, now time.Time, user User, body string) (SSHPublicKey, SSHEncoding, error) {
	key, encoding, err := parseSSHKey(body)
	if err != nil {
		return SSHPublicKey{}, "", err
	}
	k := SSHPublicKey{
		ID: arn.NewUniqueID(arn.PrefixPublicKey, user.Account), Account: user.Account, User: user.ID,
		Body:        strings.TrimSuffix(string(ssh.MarshalAuthorizedKey(key)), "\n"),
		Fingerprint: ssh.FingerprintLegacyMD5(key), Active: true, UploadedAt: now,
	}
	have, err := tx.SSHPublicKeys(user.ID)
	if err != nil {
		return SSHPublicKey{}, "", err
	}
	for _, h := range have {
		if h.Body == k.Body {
			return SSHPublicKey{}, "", fault.New(fault.AlreadyExists, "duplicate-ssh-public-key",
				"The SSH public key is already associated with the IAM user %s.", user.Name)
		}
	}
	if len(have) >= maxSSHKeys {
		return SSHPublicKey{}, "", exceeds("SSHPublicKeysPerUser", maxSSHKeys)
	}
	return k, encoding, tx.PutSSHPublicKey(k)
}

// SSHPublicKeyOf finds one of the user's keys.
func SSHPublicKeyOf(tx Store, user User, id string) (SSHPublicKey, error) {
	k, err := tx.SSHPublicKey(id)
	if err == nil && k.User != user.ID {
		err = fault.New(fault.NotFound, "no-ssh-public-key", "")
	}
	return k, missing(err, "The Public Key with id %s cannot be found.", id)
}

// SetSSHPublicKeyActive sets the status of one of the user's keys.
func SetSSHPublicKeyActive(tx Store, user User, id string, active bool) error {
	k, err := SSHPublicKeyOf(tx, user, id)
	if err != nil {
		return err
	}
	k.Active = active
	return tx.PutSSHPublicKey(k)
}

// DeleteSSHPublicKey deletes one of the user's keys.
func DeleteSSHPublicKey(tx Store, user User, id string) error {
	if _, err := SSHPublicKeyOf(tx, user, id); err != nil {
		return err
	}
	return tx.DeleteSSHPublicKey(id)
}

// In is the key in the encoding.
func (k SSHPublicKey) In(encoding SSHEncoding) (string, error) {
	if encoding == SSHEncoded {
		return k.Body, nil
	}
	key, _, err := parseSSHKey(k.Body)
	if err != nil {
		return "", err
	}
	public, err := cryptoKey(key)
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

var (
	errSSHEncoding = fault.New(fault.Invalid, "unrecognized-public-key-encoding",
		"The public key encoding format is unsupported or unrecognized. Use ssh-rsa or PEM.")
	errSSHKey = fault.New(fault.Invalid, "invalid-public-key", "The public key is malformed or otherwise invalid.")
)

func parseSSHKey(body string) (ssh.PublicKey, SSHEncoding, error) {
	body = strings.TrimSpace(body)
	var (
		key      ssh.PublicKey
		encoding SSHEncoding
		err      error
	)
	switch {
	case strings.HasPrefix(body, "ssh-rsa "):
		encoding = SSHEncoded
		var rest []byte
		if key, _, _, rest, err = ssh.ParseAuthorizedKey([]byte(body)); err == nil && len(rest) > 0 {
			err = errSSHKey
		}
	case strings.HasPrefix(body, "-----BEGIN "):
		encoding = PEMEncoded
		key, err = parsePEMKey(body)
	default:
		return nil, "", errSSHEncoding
	}
	if err != nil {
		return nil, "", errSSHKey.Wrap(err)
	}
	public, err := cryptoKey(key)
	if err != nil {
		return nil, "", errSSHKey.Wrap(err)
	}
	if public.N.BitLen() < minSSHBits {
		return nil, "", fault.New(fault.Invalid, "invalid-public-key", "The public key must be an RSA key of at least %d bits.", minSSHBits)
	}
	return key, encoding, nil
}

func parsePEMKey(body string) (ssh.PublicKey, error) {
	blocks, err := pemBlocks(body)
	if err != nil {
		return nil, err
	}
	if len(blocks) != 1 {
		return nil, errSSHKey
	}
	var public any
	switch b := blocks[0]; b.Type {
	case "PUBLIC KEY":
		public, err = x509.ParsePKIXPublicKey(b.Bytes)
	case "RSA PUBLIC KEY":
		public, err = x509.ParsePKCS1PublicKey(b.Bytes)
	default:
		return nil, errSSHKey
	}
	if err != nil {
		return nil, err
	}
	return ssh.NewPublicKey(public)
}

func cryptoKey(key ssh.PublicKey) (*rsa.PublicKey, error) {
	var public crypto.PublicKey
	if k, ok := key.(ssh.CryptoPublicKey); ok {
		public = k.CryptoPublicKey()
	}
	if public, ok := public.(*rsa.PublicKey); ok {
		return public, nil
	}
	return nil, errNotRSA
}

// sshPublicKeysHold is a Conflict while the user has SSH keys.
func sshPublicKeysHold(tx Store, u User) error {
	held, err := tx.SSHPublicKeys(u.ID)
	return holds(len(held), err, "must delete SSH public keys first")
}
