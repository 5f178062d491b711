package orgfile_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sekisho/internal/credential"
	"sekisho/internal/fault"
	"sekisho/internal/orgfile"
	"sekisho/internal/store"
	"sekisho/internal/store/storetest"
)

// A password in the file is for the first time only (H-08).
func TestPasswords(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "jane.txt"), []byte("from a file\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	withFile := edit(t, "password: Jane-Secret-53", "password_file: jane.txt")
	path := filepath.Join(dir, "org.yaml")
	if err := os.WriteFile(path, []byte(withFile), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := orgfile.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	h := newHouse(t)
	if _, err := h.try(f); err != nil {
		t.Fatal(err)
	}
	password := func(name string) (p credential.Password, err error) {
		h.view(func(tx store.Tx) error {
			owner := credential.Owner{Kind: credential.RootUser, ID: "111122223333"}
			if name != "root" {
				u, err := storetest.User(tx, name)
				if err != nil {
					return err
				}
				owner = credential.Owner{Kind: credential.DirectoryUser, ID: u.ID}
			}
			p, err = tx.Password(owner)
			return nil
		})
		return p, err
	}
	for name, want := range map[string]string{"jane": "hash of from a file", "erika": "hash of Erika-Secret-53", "root": "hash of Root-Secret-53"} {
		p, err := password(name)
		if err != nil || p.Hash != want || p.MustChange != (name == "erika") || !p.SetAt.Equal(now) {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
	if _, err := password("taro"); !fault.Is(err, fault.NotFound) {
		t.Errorf("taro has a password: %v", err)
	}
	// Another password in the file does not replace the one that there is.
	if got := h.apply(edit(t, "Jane-Secret-53", "Another-53")); len(got) != 0 {
		t.Errorf("%s", lines(got))
	}
	if p, err := password("jane"); err != nil || p.Hash != "hash of from a file" {
		t.Errorf("%+v, %v", p, err)
	}

	for _, c := range []struct{ name, text, want string }{
		{"no such file", edit(t, "password: Jane-Secret-53", "password_file: none.txt"), "password of jane"},
		{"no such file for root", edit(t, "password: Root-Secret-53", "password_file: none.txt"), "password of root:root@example.com"},
		{"no such file for a key", edit(t, "secret: root-key-is-secret", "secret_file: none.txt"), `account "Example Corp": open none.txt`},
		{"short secret in a file", edit(t, "secret: taro-key-is-secret", "secret_file: "+filepath.Join(dir, "jane.txt")), `iam of 444455556666: user "taro": the secret of the access key AKIATAROTAROTAROTARO must have`},
	} {
		h := newHouse(t)
		if _, err := h.try(parse(t, c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A person may be called like anything; that gives nobody else a password.
func TestPasswordsAreNotMixedUp(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.apply(`
organization: {management_account: {id: "111122223333", name: X, email: root@example.com}}
identity_center:
  users: [{username: "root:root@example.com", given_name: J, family_name: D, email: jane@example.com, password: Jane-Secret-53}]
`)
	h.view(func(tx store.Tx) error {
		p, err := tx.Password(credential.Owner{Kind: credential.RootUser, ID: "111122223333"})
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("the root user has the password of a user: %+v, %v", p, err)
		}
		return nil
	})
}

func TestRootAccessKey(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.apply(good)
	keys := func() (out []string) {
		h.view(func(tx store.Tx) error {
			all, err := tx.AccessKeysOf("111122223333", "")
			for _, k := range all {
				out = append(out, fmt.Sprintf("%s %s %v", k.ID, k.Secret.Reveal(), k.Active))
			}
			return err
		})
		return out
	}
	if got := keys(); !slices.Equal(got, []string{"AKIAEXAMPLEEXAMPLE00 root-key-is-secret true"}) {
		t.Errorf("%q", got)
	}
	changes := lines(h.apply(edit(t, "secret: root-key-is-secret", "secret: another-secret-key")))
	if got := keys(); !slices.Equal(got, []string{"AKIAEXAMPLEEXAMPLE00 another-secret-key true"}) || strings.Contains(changes, "another") {
		t.Errorf("another secret: %q\n%s", got, changes)
	}
	h.apply(edit(t, "AKIAEXAMPLEEXAMPLE00", "AKIAEXAMPLEEXAMPLE01"))
	if got := keys(); !slices.Equal(got, []string{"AKIAEXAMPLEEXAMPLE01 root-key-is-secret true"}) {
		t.Errorf("another key: %q", got)
	}
	h.apply(edit(t, ", access_key: {id: AKIAEXAMPLEEXAMPLE00, secret: root-key-is-secret}", ""))
	if got := keys(); len(got) != 1 {
		t.Errorf("left out, a key is left alone: %q", got)
	}
}
