package orgfile

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"sekisho/internal/fault"
	"sekisho/internal/iam"
	"sekisho/internal/policy"
)

// maxProblems is how many mistakes one check tells.
const maxProblems = 50

// problems are the mistakes of a file, in the order in which it has them.
type problems struct {
	list []error
	more int
	// documents are those that were looked at already: ten thousand accounts may
	// share one.
	documents map[checkedDocument]error
}

type checkedDocument struct {
	kind policy.Kind
	text string
}

func newProblems() *problems { return &problems{documents: make(map[checkedDocument]error)} }

// err joins them; nil if there are none.
func (p *problems) err() error {
	if p.more > 0 {
		return errors.Join(append(p.list, fmt.Errorf("and %d mistakes more", p.more))...)
	}
	return errors.Join(p.list...)
}

// scope is a place in a file, by which a mistake is told: `iam of Staging: user
// "taro": `.
type scope struct {
	to    *problems
	where string
}

// in is a place in the place.
func (s scope) in(format string, args ...any) scope {
	return scope{s.to, s.where + fmt.Sprintf(format, args...) + ": "}
}

// say tells a mistake.
func (s scope) say(format string, args ...any) {
	if len(s.to.list) == maxProblems {
		s.to.more++
		return
	}
	s.to.list = append(s.to.list, errors.New(s.where+fmt.Sprintf(format, args...)))
}

// tags tells tags that cannot be.
func (s scope) tags(tags Tags) { s.check(iam.CheckTags(tags.list(), false)) }

// id tells an id that is not of its form, or that something before it has.
func (s scope) id(id string, form *regexp.Regexp, ids map[string]bool) {
	switch {
	case id == "":
	case !form.MatchString(id):
		s.say("id %q is not of the form %s", id, strings.Trim(form.String(), "^$"))
	case !once(ids, id):
		s.say("the id %s is there twice", id)
	}
}

// check tells err if it is one, in the words that it has for everybody.
func (s scope) check(err error) {
	if f, ok := fault.As(err); ok && f.Public != "" {
		s.say("%s", f.Public)
	} else if err != nil {
		s.say("%s", err)
	}
}

// document tells what is wrong with a policy document and where. It is false if
// there is something, or no document.
func (s scope) document(kind policy.Kind, d *Document) bool {
	key := checkedDocument{kind, d.source()}
	err, known := s.to.documents[key]
	if !known {
		err = checkDocument(kind, key.text)
		s.to.documents[key] = err
	}
	if err == nil {
		return true
	}
	where := ""
	if d.line > 0 {
		where = fmt.Sprintf(" of line %d", d.line)
	}
	form := ""
	if d.text == "" {
		form = ", written as JSON"
	}
	s.say("document%s%s: %s", where, form, err)
	return false
}

// source is the text in which mistakes have their places.
func (d *Document) source() string {
	if d.text != "" {
		return d.text
	}
	return d.JSON
}

func checkDocument(kind policy.Kind, text string) error {
	_, err := policy.Parse(kind, text)
	if syntax, ok := errors.AsType[*policy.SyntaxError](err); ok {
		detail := ""
		if syntax.Detail != "" {
			detail = " (" + syntax.Detail + ")"
		}
		return fmt.Errorf("line %d, column %d: %s%s", syntax.Line, syntax.Column, strings.TrimSuffix(syntax.Message, "."), detail)
	}
	return err
}

// secretOf tells a secret that is there twice.
func (s scope) secretOf(name string, direct Secret, file string) {
	if !direct.Empty() && file != "" {
		s.say("%s and %s_file exclude each other", name, name)
	}
}

// key checks an access key; keys are those of the whole file.
func (s scope) key(k *AccessKey, keys map[string]bool) {
	if k == nil {
		return
	}
	s.secretOf("secret", k.Secret, k.SecretFile)
	switch want := (iam.AccessKey{ID: k.ID, Secret: k.Secret.String}); {
	case k.Secret.Empty() && k.SecretFile == "":
		s.say("access_key needs an id and a secret or secret_file")
	case k.SecretFile != "":
		want.Secret = fileSecret // what the file holds is looked at when it is applied
		s.check(iam.CheckAccessKey(want))
	default:
		s.check(iam.CheckAccessKey(want))
	}
	if k.ID != "" && !once(keys, k.ID) {
		s.say("the access key %q is there twice", k.ID)
	}
}
