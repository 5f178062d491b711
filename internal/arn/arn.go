// Package arn builds and takes apart Amazon Resource Names and the identifiers
// that stand in them (behaviours.md 1.1 to 1.3).
package arn

import (
	"encoding/base32"
	"encoding/binary"
	"errors"
	"strconv"
	"strings"

	"sekisho/internal/secret"
)

// Partition is the only partition we serve.
const Partition = "aws"

// ARN is arn:partition:service:region:account:resource.
type ARN struct{ Partition, Service, Region, Account, Resource string }

// Parse takes an ARN apart. The resource may itself hold colons.
func Parse(s string) (ARN, error) {
	p := strings.SplitN(s, ":", 6)
	if len(p) != 6 || p[0] != "arn" || p[1] == "" || p[2] == "" || p[5] == "" || len(s) > 2048 {
		return ARN{}, errors.New("not an ARN")
	}
	return ARN{p[1], p[2], p[3], p[4], p[5]}, nil
}

// String puts the ARN together.
func (a ARN) String() string {
	return "arn:" + a.Partition + ":" + a.Service + ":" + a.Region + ":" + a.Account + ":" + a.Resource
}

// Root is the ARN of an account and of its root user.
func Root(account string) string { return "arn:aws:iam::" + account + ":root" }

// Role is the ARN of a role; path begins and ends with "/".
func Role(account, path, name string) string {
	return iamARN(account, "role", path, name)
}

// User is the ARN of an IAM user; path begins and ends with "/".
func User(account, path, name string) string { return iamARN(account, "user", path, name) }

// Group is the ARN of a group of IAM users.
func Group(account, path, name string) string { return iamARN(account, "group", path, name) }

// Policy is the ARN of a managed policy; the account of AWS's own is "aws".
func Policy(account, path, name string) string { return iamARN(account, "policy", path, name) }

// InstanceProfile is the ARN of an instance profile.
func InstanceProfile(account, path, name string) string {
	return iamARN(account, "instance-profile", path, name)
}

// MFA is the ARN, and serial number, of a virtual MFA device.
func MFA(account, path, name string) string { return iamARN(account, "mfa", path, name) }

// U2F is a new ARN for a passkey or security key of the user of that name, or of
// the root user for "" (behaviours.md 1.1). Its end is random.
func U2F(account, user, device string) string {
	holder := "user/" + user
	if user == "" {
		holder = "root-account-mfa-device"
	}
	return iamARN(account, "u2f/", holder, "/"+device+"-"+secret.Pick("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 26))
}

// ServerCertificate is the ARN of a server certificate.
func ServerCertificate(account, path, name string) string {
	return iamARN(account, "server-certificate", path, name)
}

// OIDCProvider is the ARN of an OpenID Connect provider; url is without scheme.
func OIDCProvider(account, url string) string {
	return "arn:aws:iam::" + account + ":oidc-provider/" + url
}

// FederatedUser is the ARN of a session of GetFederationToken.
func FederatedUser(account, name string) string {
	return "arn:aws:sts::" + account + ":federated-user/" + name
}

func iamARN(account, kind, path, name string) string {
	return "arn:aws:iam::" + account + ":" + kind + path + name
}

// SplitIAM takes the ARN of an IAM thing with a path apart: "user",
// "/division/", "Jane". It is false for every other ARN.
func SplitIAM(s string) (account, kind, path, name string, ok bool) {
	a, err := Parse(s)
	if err != nil || a.Service != "iam" || a.Region != "" || a.Partition != Partition {
		return "", "", "", "", false
	}
	kind, rest, ok := strings.Cut(a.Resource, "/")
	if !ok {
		return "", "", "", "", false
	}
	at := strings.LastIndexByte(rest, '/') + 1
	return a.Account, kind, "/" + rest[:at], rest[at:], rest[at:] != ""
}

// SAMLProvider is the ARN of an IAM SAML provider.
func SAMLProvider(account, name string) string {
	return "arn:aws:iam::" + account + ":saml-provider/" + name
}

// AssumedRole is the ARN of a role session. The role's path is dropped.
func AssumedRole(account, role, session string) string {
	return "arn:aws:sts::" + account + ":assumed-role/" + role + "/" + session
}

// Instance is the ARN of an Identity Center instance.
func Instance(id string) string { return "arn:aws:sso:::instance/" + id }

// PermissionSet is the ARN of a permission set of an instance.
func PermissionSet(instance, id string) string {
	return "arn:aws:sso:::permissionSet/" + instance + "/" + id
}

// Unique-id prefixes (behaviours.md 1.2).
const (
	PrefixUser                      = "AIDA"
	PrefixGroup                     = "AGPA"
	PrefixRole                      = "AROA"
	PrefixPolicy                    = "ANPA"
	PrefixInstanceProfile           = "AIPA"
	PrefixAccessKey                 = "AKIA"
	PrefixTemporaryKeyID            = "ASIA"
	PrefixPublicKey                 = "APKA"
	PrefixCertificate               = "ASCA"
	PrefixServiceSpecificCredential = "ACCA"
)

const (
	base32Digits  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	lowerAlnum    = "abcdefghijklmnopqrstuvwxyz0123456789"
	accountOffset = 549755813888
)

// NewUniqueID makes an entity id (21 characters) or access key id (20) that
// carries the account the way AWS's ids do (behaviours.md 1.2): characters 5 to
// 12 are the base32 of account/2 + 2^39, the 13th tells odd from even.
func NewUniqueID(prefix, account string) string {
	n, err := strconv.ParseUint(account, 10, 64)
	if err != nil {
		panic("arn: account id is not a number")
	}
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n/2+accountOffset)
	id := prefix + base32.StdEncoding.EncodeToString(b[3:])
	if n%2 == 1 {
		id += secret.Pick(base32Digits[16:], 1)
	} else {
		id += secret.Pick(base32Digits[:16], 1)
	}
	length := 21
	if prefix == PrefixAccessKey || prefix == PrefixTemporaryKeyID {
		length = 20
	}
	return id + secret.Pick(base32Digits, length-len(id))
}

// AccountOfUniqueID recovers the account that NewUniqueID put into an id.
func AccountOfUniqueID(id string) (string, bool) {
	if len(id) < 13 {
		return "", false
	}
	raw, err := base32.StdEncoding.DecodeString(id[4:12])
	if err != nil {
		return "", false
	}
	var b [8]byte
	copy(b[3:], raw)
	n := binary.BigEndian.Uint64(b[:])
	if n < accountOffset {
		return "", false
	}
	n = (n - accountOffset) * 2
	if strings.IndexByte(base32Digits, id[12]) >= 16 {
		n++
	}
	if n > 999999999999 {
		return "", false
	}
	s := strconv.FormatUint(n, 10)
	return strings.Repeat("0", 12-len(s)) + s, true
}

// ValidAccount reports whether s is a 12-digit account id.
func ValidAccount(s string) bool {
	if len(s) != 12 {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// NewAccountID draws a 12-digit account id that does not begin with 0.
func NewAccountID() string { return secret.Pick("123456789", 1) + secret.Pick("0123456789", 11) }

// NewID draws prefix plus n lower-case letters and digits, the form of most
// organization and Identity Center ids (behaviours.md 1.3).
func NewID(prefix string, n int) string { return prefix + secret.Pick(lowerAlnum, n) }

// NewHexID draws prefix plus n lower-case hex digits.
func NewHexID(prefix string, n int) string { return prefix + secret.Pick("0123456789abcdef", n) }
