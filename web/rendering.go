package web

import (
	"fmt"
	"math"
	"net/netip"
	"strings"
	"time"
	"unicode"
)

// Longest shown texts of strangers, in characters. What is longer is cut and
// ends in "…".
const (
	maxClientName = 80
	maxLine       = 200  // names of users and organisations, user agents, scopes, subjects
	maxURI        = 300  // where an answer goes
	maxText       = 8000 // a message in the developer's mailbox
)

// rendering is what a template is executed with: $.P is the view, $.F its
// frame, and the methods are the template's vocabulary.
type rendering struct {
	P        Page
	F        Frame
	Faults   []Fault
	messages catalogue
}

// Fault is one thing to correct, in words, and the form field that it belongs to.
type Fault struct{ Field, Text string }

// fault is a Fault not yet in words.
type fault struct {
	field, key string
	args       []any
}

// faulty is a page that can be shown again with what was wrong.
type faulty interface{ faults() []fault }

func (p Identify) faults() []fault { return nameFaults(p.Error) }

func (p Forgot) faults() []fault {
	return append(nameFaults(p.NameError), captchaFaults(p.Error)...)
}

func captchaFaults(e CaptchaError) []fault {
	if e == "" {
		return nil
	}
	return []fault{{field: FieldCaptcha, key: "captcha.error." + string(e)}}
}

func nameFaults(e IdentifyError) []fault {
	if e == "" {
		return nil
	}
	return []fault{{field: FieldUserName, key: "identify.error." + string(e)}}
}

func (p Password) faults() []fault {
	if p.Error == "" {
		return nil
	}
	return []fault{{FieldPassword, "password.error." + string(p.Error), []any{"minutes", minutes(p.RetryAfter)}}}
}

func (p NewPassword) faults() []fault { return newPasswordFaults(p.Errors, p.Rules) }

func newPasswordFaults(broken []NewPasswordError, rules PasswordRules) []fault {
	var faults []fault
	for _, e := range broken {
		f := fault{FieldNewPassword, "new-password.error." + string(e),
			[]any{"min", rules.MinLength, "max", rules.MaxLength, "count", rules.Remember, "classes", rules.Classes}}
		if e == NewPasswordMismatch {
			f.field = FieldConfirm
		}
		faults = append(faults, f)
	}
	return faults
}

func (p DeviceEntry) faults() []fault {
	if p.Error == "" {
		return nil
	}
	return []fault{{field: FieldUserCode, key: "device-entry.error." + string(p.Error)}}
}

// T is the message called key, its placeholders filled in.
func (r *rendering) T(key string, args ...any) (string, error) { return r.messages.text(key, args...) }

// Asset is the path of an asset.
func (r *rendering) Asset(name string) (string, error) {
	a, ok := assets()[name]
	if !ok {
		return "", fmt.Errorf("web: no asset %s", name)
	}
	return AssetPrefix + a.Name, nil
}

// LanguageLink leads to this page in one language.
type LanguageLink struct {
	Locale    Locale
	Name, URL string
	Current   bool
}

// Languages are the language links.
func (r *rendering) Languages() []LanguageLink {
	var links []LanguageLink
	for _, loc := range Locales() {
		links = append(links, LanguageLink{Locale: loc, Name: localeNames[loc], URL: withLanguage(r.F.Path, loc), Current: loc == r.F.Locale})
	}
	return links
}

// FieldState is what a form field shows of its faults.
type FieldState struct {
	Name        string
	Faults      []string
	DescribedBy string // ids of the field's hints and faults, for aria-describedby
	Focus       bool   // this is where typing begins
}

// Field is the state of one field, described by the elements with the given
// ids; the first field of a page without faults takes the focus.
func (r *rendering) Field(name string, first bool, hints ...string) FieldState {
	s := FieldState{Name: name, Focus: first && len(r.Faults) == 0}
	for _, f := range r.Faults {
		if f.Field == name {
			s.Faults = append(s.Faults, f.Text)
		}
	}
	if len(s.Faults) > 0 {
		hints = append([]string{name + "-fault"}, hints...)
	}
	s.DescribedBy = strings.Join(hints, " ")
	return s
}

// Line is a stranger's text on one line, bounded.
func (r *rendering) Line(s string) string { return clean(s, maxLine, false) }

// URI is an address to be read, bounded.
func (r *rendering) URI(s string) string { return clean(s, maxURI, false) }

// Organisation is the organisation's name, or words that stand for it.
func (r *rendering) Organisation(name string) (string, error) {
	if name = clean(name, maxLine, false); name != "" {
		return name, nil
	}
	return r.T("organisation.unnamed")
}

// Client is an application's name, kept from reordering the sentence around it.
func (r *rendering) Client(name string) (string, error) {
	if name = clean(name, maxClientName, false); name != "" {
		return "\u2068" + name + "\u2069", nil // first strong isolate … pop
	}
	return r.T("client.unnamed")
}

// Minutes is a duration in minutes, rounded up, at least 1.
func (r *rendering) Minutes(d time.Duration) int { return minutes(d) }

// Time is t in UTC, in words.
func (r *rendering) Time(t time.Time) (string, error) { return inWords(r.messages, t) }

// Machine is t for the datetime attribute.
func (r *rendering) Machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Age is how long before now t was.
func (r *rendering) Age(t, now time.Time) (string, error) {
	if n := int(now.Sub(t) / time.Minute); n > 0 {
		return r.T("consent.age.minutes", "minutes", n)
	}
	return r.T("consent.age.now")
}

// scopes are the permissions that have words of their own.
var scopes = map[string]string{
	"sso:account:access": "consent.scope.accounts",
	"openid":             "consent.scope.openid",
}

// Scope is what an OAuth scope permits, in words.
func (r *rendering) Scope(s string) (string, error) {
	if key, ok := scopes[s]; ok {
		return r.T(key)
	}
	return r.T("consent.scope.other", "scope", clean(s, maxLine, false))
}

// Channel is the name of a message's channel, or a channel that has none as it is.
func (r *rendering) Channel(s string) (string, error) {
	switch s {
	case "email", "sms", "voice":
		return r.T("mailbox.channel." + s)
	}
	return clean(s, maxLine, false), nil
}

// Segment is a piece of a message; Kind is "", "code" or "link".
type Segment struct{ Kind, Text string }

// Segments cuts the text of a message where its codes and links are.
func (r *rendering) Segments(m MailboxMessage) []Segment {
	rest := clean(m.Text, maxText, true)
	var segments []Segment
	for rest != "" {
		at, found := len(rest), Segment{}
		for kind, words := range map[string][]string{"link": m.Links, "code": m.Codes} {
			for _, w := range words {
				// The first wins, and of those the longest: a code inside a link is the link's.
				if i := strings.Index(rest, w); w != "" && i >= 0 && (i < at || i == at && len(w) > len(found.Text)) {
					at, found = i, Segment{kind, w}
				}
			}
		}
		if at > 0 {
			segments = append(segments, Segment{Text: rest[:at]})
		}
		if found.Text != "" {
			segments = append(segments, found)
		}
		rest = rest[at+len(found.Text):]
	}
	return segments
}

// Elsewhere says that an application asked from another place than the
// browser that is to approve it: from another address, or for IPv6 another /64
// network, because hosts change the rest of their address by themselves. False
// when either is unknown.
func (p Consent) Elsewhere() bool {
	return p.Kind == ConsentDevice && p.FromAddress.IsValid() && p.HereAddress.IsValid() &&
		place(p.FromAddress) != place(p.HereAddress)
}

func place(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	switch {
	case a.IsLoopback():
		return netip.Prefix{}
	case a.Is6():
		return netip.PrefixFrom(a, 64).Masked()
	}
	return netip.PrefixFrom(a, 32)
}

// AppleRules writes the rules for the passwordrules attribute, from which
// password managers generate a password that passes.
func (p PasswordRules) AppleRules() string {
	var b strings.Builder
	if p.MinLength > 0 {
		fmt.Fprintf(&b, "minlength: %d; ", p.MinLength)
	}
	if p.MaxLength > 0 {
		fmt.Fprintf(&b, "maxlength: %d; ", p.MaxLength)
	}
	for _, class := range []struct {
		required bool
		name     string
	}{{p.Upper, "upper"}, {p.Lower, "lower"}, {p.Digit, "digit"}, {p.Symbol, "special"}} {
		if class.required {
			b.WriteString("required: " + class.name + "; ")
		}
	}
	return strings.TrimSpace(b.String())
}

func minutes(d time.Duration) int { return max(1, int(math.Ceil(d.Minutes()))) }

func inWords(c catalogue, t time.Time) (string, error) {
	layout, err := c.text("time.layout")
	return t.UTC().Format(layout), err
}

// clean makes a stranger's text fit to stand in a page or a mail: control and
// formatting characters (which hide and reorder text) go, white space becomes
// single spaces (or stays, where lines are kept), and what is longer than n
// characters is cut.
func clean(s string, n int, lines bool) string {
	// Bound the work as well as the result: UTF-8 has at most 4 bytes a character.
	if cut := 8 * n; len(s) > cut {
		s = s[:cut]
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(c rune) rune {
		switch {
		case lines && c == '\n':
			return c
		case unicode.IsSpace(c):
			return ' '
		case unicode.In(c, unicode.Cc, unicode.Cf):
			return -1
		}
		return c
	}, s)
	if lines {
		s = strings.TrimSpace(s)
	} else {
		s = strings.Join(strings.Fields(s), " ")
	}
	if r := []rune(s); len(r) > n {
		s = strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}
