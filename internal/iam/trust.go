package iam

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"

	"sekisho/internal/account"
	"sekisho/internal/arn"
	"sekisho/internal/fault"
	"sekisho/internal/policy"
)

// PrincipalStore is what it takes to find out whom a trust policy names.
type PrincipalStore interface {
	Store
	account.Store
}

// CheckTrustPolicy is CheckDocument for a role's trust policy and then
// ResolvePrincipals: it turns what a caller gave into what is kept.
func CheckTrustPolicy(tx PrincipalStore, document string) (stored string, err error) {
	if err := CheckDocument(policy.TrustPolicy, document); err != nil {
		return "", err
	}
	return ResolvePrincipals(tx, document)
}

// ResolvePrincipals puts the unique ids of users and roles where a trust policy
// names them by ARN, so that who gets their name later gets nothing else of
// theirs (behaviours.md 3.8). An account that is named by its id alone gets its
// ARN, as in AWS; nothing else of the text changes. Somebody who does not exist,
// in an account that is not here either, is Invalid with the reason
// "malformed-policy-document" and AWS's words (3.9). The document is one that
// package policy has accepted.
func ResolvePrincipals(tx PrincipalStore, document string) (stored string, err error) {
	return eachAWSPrincipal(document, func(name string) (string, error) {
		kept, err := resolvePrincipal(tx, name)
		if fault.Is(err, fault.NotFound) {
			return "", fault.New(fault.Invalid, "malformed-policy-document", `Invalid principal in policy: "AWS":%q`, name).Wrap(err)
		}
		return kept, err
	})
}

var errNoPrincipal = fault.New(fault.NotFound, "no-principal", "The principal does not exist.")

// resolvePrincipal is the name under which a principal is kept, or NotFound.
func resolvePrincipal(tx PrincipalStore, name string) (string, error) {
	if name == "*" {
		return name, nil
	}
	if entityID(name) {
		_, err := entityARN(tx, name)
		return name, err
	}
	if arn.ValidAccount(name) {
		name = arn.Root(name)
	}
	a, err := arn.Parse(name)
	if err != nil || a.Partition != arn.Partition || a.Region != "" {
		return "", errNoPrincipal
	}
	if _, err := tx.Account(a.Account); err != nil {
		return "", err
	}
	kind, rest, _ := strings.Cut(a.Resource, "/")
	switch a.Service + ":" + kind {
	case "iam:root", "sts:federated-user":
		return name, nil
	case "sts:assumed-role":
		role, _, _ := strings.Cut(rest, "/")
		r, err := tx.RoleByName(a.Account, role)
		if err == nil && r.Name != role {
			err = errNoPrincipal
		}
		return name, err
	case "iam:user":
		u, err := tx.IAMUserByName(a.Account, rest[strings.LastIndexByte(rest, '/')+1:])
		if err == nil && u.ARN() != name {
			err = errNoPrincipal
		}
		return u.ID, err
	case "iam:role":
		r, err := tx.RoleByName(a.Account, rest[strings.LastIndexByte(rest, '/')+1:])
		if err == nil && r.ARN() != name {
			err = errNoPrincipal
		}
		return r.ID, err
	}
	return "", errNoPrincipal
}

// ShowPrincipals is the other way: the ARNs of users and roles in the place of
// their unique ids. The id of one that was deleted stays, which shows that the
// trust leads nowhere (behaviours.md 3.8).
func ShowPrincipals(tx Store, stored string) (string, error) {
	if !strings.Contains(stored, arn.PrefixUser) && !strings.Contains(stored, arn.PrefixRole) {
		return stored, nil
	}
	return eachAWSPrincipal(stored, func(name string) (string, error) {
		if !entityID(name) {
			return name, nil
		}
		shown, err := entityARN(tx, name)
		if fault.Is(err, fault.NotFound) {
			return name, nil
		}
		return shown, err
	})
}

// entityID tells the unique id of a user or role from the other ways to name a
// principal, none of which looks so.
func entityID(name string) bool {
	return (strings.HasPrefix(name, arn.PrefixUser) || strings.HasPrefix(name, arn.PrefixRole)) && !strings.ContainsAny(name, ":/.")
}

// entityARN is the ARN of the user or role with the id, or NotFound.
func entityARN(tx Store, id string) (string, error) {
	if strings.HasPrefix(id, arn.PrefixUser) {
		u, err := tx.IAMUser(id)
		return u.ARN(), err
	}
	r, err := tx.Role(id)
	return r.ARN(), err
}

// eachAWSPrincipal is the document with what replace makes of each name in
// Principal and NotPrincipal elements of the type AWS. Everything else stays
// byte by byte as it is.
func eachAWSPrincipal(document string, replace func(name string) (string, error)) (string, error) {
	w := &principalWalk{doc: document, dec: json.NewDecoder(strings.NewReader(document)), replace: replace}
	err := w.object(func(key string) error {
		if key == "Statement" {
			return w.values(w.statement)
		}
		return w.skip()
	})
	if err != nil {
		return "", err
	}
	w.out.WriteString(document[w.copied:])
	return w.out.String(), nil
}

// principalWalk goes through a document token by token and copies it.
type principalWalk struct {
	doc     string
	dec     *json.Decoder
	replace func(name string) (string, error)
	out     strings.Builder
	copied  int // how much of doc is in out
}

func (w *principalWalk) statement() error {
	return w.object(func(key string) error {
		if key == "Principal" || key == "NotPrincipal" {
			return w.principal()
		}
		return w.skip()
	})
}

// principal reads {"AWS": …, "Service": …} or "*".
func (w *principalWalk) principal() error {
	return w.object(func(key string) error {
		if key == "AWS" {
			return w.values(w.name)
		}
		return w.skip()
	})
}

// name reads one name and writes what comes in its place.
func (w *principalWalk) name() error {
	start := w.next()
	t, err := w.dec.Token()
	if err != nil {
		return err
	}
	have, ok := t.(string)
	if !ok {
		return errNotTrust
	}
	want, err := w.replace(have)
	if err != nil || want == have {
		return err
	}
	var quoted bytes.Buffer
	enc := json.NewEncoder(&quoted)
	enc.SetEscapeHTML(false) // the document is no page, and these are its reader's to see
	if err := enc.Encode(want); err != nil {
		return err
	}
	w.out.WriteString(w.doc[w.copied:start])
	w.out.Write(bytes.TrimRight(quoted.Bytes(), "\n"))
	w.copied = int(w.dec.InputOffset())
	return nil
}

var errNotTrust = fault.New(fault.Invalid, "malformed-policy-document", "This policy contains invalid Json")

// next is where the next value begins: after white space, colon and comma.
func (w *principalWalk) next() int {
	at := int(w.dec.InputOffset())
	for at < len(w.doc) && strings.IndexByte(" \t\r\n:,", w.doc[at]) >= 0 {
		at++
	}
	return at
}

// object reads an object and lets member read the value of each key. Another
// kind of value is passed over.
func (w *principalWalk) object(member func(key string) error) error {
	if at := w.next(); at == len(w.doc) || w.doc[at] != '{' {
		return w.skip()
	}
	if _, err := w.dec.Token(); err != nil {
		return err
	}
	for w.dec.More() {
		t, err := w.dec.Token()
		if err != nil {
			return err
		}
		key, _ := t.(string) // keys are strings
		if err := member(key); err != nil {
			return err
		}
	}
	_, err := w.dec.Token()
	return err
}

// values lets value read each element of a list, or the one value that is none.
func (w *principalWalk) values(value func() error) error {
	if at := w.next(); at == len(w.doc) || w.doc[at] != '[' {
		return value()
	}
	if _, err := w.dec.Token(); err != nil {
		return err
	}
	for w.dec.More() {
		if err := value(); err != nil {
			return err
		}
	}
	_, err := w.dec.Token()
	return err
}

// skip passes over one value, however deep.
func (w *principalWalk) skip() error {
	for depth := 0; ; {
		t, err := w.dec.Token()
		if err == io.EOF {
			return errNotTrust
		}
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}
