// Package leaked knows the passwords that everybody tries first: those most
// often found in leaks, in the disguises that people give them.
//
// It answers from a sorted text inside the program, searched where it lies, so
// that it costs neither memory nor time to load. The rules for passwords are
// credential's.
package leaked

import (
	_ "embed"
	"sort"
	"strings"
)

//go:generate go run ./generate -in passwords.txt -out forms.txt

// forms is sorted lines, each the plain form of a leaked password, from the
// frequency list of zxcvbn (LICENSE.zxcvbn).
//
//go:embed forms.txt
var forms string

// maxDressing is how many characters around a word are taken for decoration:
// "Password2024!!" is password, "Password-of-the-Manchu" is not.
const maxDressing = 6

// Has reports whether text is a leaked password, or one of those with other
// case, with look-alikes for letters ("P@ssw0rd"), typed with shift held, or
// with up to six characters around it ("Password1!"). Runs such as "Abcdefg1!"
// and "Aaaaaaa1!" count too.
//
// As NIST SP 800-63B-4, 3.1.1.2 wants it, that is about the whole password: a
// longer one may well have a leaked one in it.
func Has(text string) bool {
	lower := strings.ToLower(text)
	return dressed(lower) || dressed(strings.Map(unshift, lower))
}

// dressed tries every way to take decoration off s: of words what is not a
// letter, of long numbers anything.
func dressed(s string) bool {
	for front := 0; front <= min(maxDressing, len(s)); front++ {
		for back := 0; front+back <= min(maxDressing, len(s)); back++ {
			core := s[front : len(s)-back]
			around := strings.ContainsFunc(s[:front]+s[len(s)-back:], letter)
			number := len(core) >= 6 && !strings.ContainsFunc(core, notDigit)
			if (!around || number) && known(core) {
				return true
			}
		}
	}
	return false
}

// known reports whether core is a run or listed.
func known(core string) bool {
	return len(core) >= 3 && run(core) || len(core) >= 4 && listed(plain(core))
}

// Forms returns the lines that stand for a leaked password: itself, and the
// word in it.
func Forms(password string) []string {
	lower := strings.ToLower(password)
	out := []string{plain(lower)}
	word := strings.TrimFunc(lower, func(r rune) bool { return !letter(r) })
	if len(word) >= 4 && len(lower)-len(word) <= maxDressing && word != lower {
		out = append(out, plain(word))
	}
	return out
}

func letter(r rune) bool   { return r >= 'a' && r <= 'z' }
func notDigit(r rune) bool { return r < '0' || r > '9' }

// run reports whether each character of s follows the one before by the same
// step of -1, 0 or 1: "aaaa", "4567", "dcba".
func run(s string) bool {
	step := int(s[1]) - int(s[0])
	for i := 2; i < len(s); i++ {
		if int(s[i])-int(s[i-1]) != step {
			return false
		}
	}
	return step >= -1 && step <= 1
}

// A character of lookAlikes stands for the letter below it.
const (
	lookAlikes = "@43!1|i0$57+82"
	standFor   = "aaellllossttbz"
)

// plain makes characters that stand for each other one.
func plain(lower string) string {
	return strings.Map(func(r rune) rune {
		if i := strings.IndexRune(lookAlikes, r); i >= 0 {
			return rune(standFor[i])
		}
		return r
	}, lower)
}

// unshift turns a symbol into the digit on its key (US layout): "!QAZ2wsx".
func unshift(r rune) rune {
	if i := strings.IndexRune("!@#$%^&*()", r); i >= 0 {
		return rune("1234567890"[i])
	}
	return r
}

// listed reports whether form is a line of forms.
func listed(form string) bool {
	at := sort.Search(len(forms), func(i int) bool { return lineAt(i) >= form })
	return at < len(forms) && lineAt(at) == form
}

// lineAt returns the line that byte i of forms is in.
func lineAt(i int) string {
	start := strings.LastIndexByte(forms[:i], '\n') + 1
	return forms[start : start+strings.IndexByte(forms[start:], '\n')]
}
