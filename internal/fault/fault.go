// Package fault is the one vocabulary in which our code says that something
// expected went wrong: a kind that callers branch on, words that may be shown
// to the outside, and the private cause that may not.
//
// It knows no protocol. Each AWS service maps kinds to its own exceptions, the
// browser surfaces map them to pages, and anything that is not a fault is
// shown to nobody: it is logged and answered as an internal error.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what class of expected failure happened.
type Kind uint8

// The kinds. Internal is the kind of every error that is not a *Error.
const (
	Internal        Kind = iota
	Invalid              // the request cannot be right, whatever the state
	NotFound             // the thing named does not exist
	AlreadyExists        // a unique name or id is taken
	Conflict             // the state forbids it now (in use, changed meanwhile)
	Denied               // who asks may not
	Unauthenticated      // who asks is unknown, or no longer valid
	Expired              // a token, code or link is past its time
	Limit                // a quota or size bound would be passed
	Throttled            // too many attempts; later it may succeed
	Unavailable          // a dependency is missing or overloaded
)

var kindNames = [...]string{"internal", "invalid", "not found", "already exists", "conflict", "denied",
	"unauthenticated", "expired", "limit", "throttled", "unavailable"}

// String names the kind for logs.
func (k Kind) String() string { return kindNames[k] }

// Error is an expected failure.
type Error struct {
	Kind Kind
	// Reason is a stable machine-readable refinement of the kind, such as
	// "password-incorrect", for audit records and for front doors that have
	// several codes for one kind. It is never shown to the outside.
	Reason string
	// Public may be shown to whoever asked.
	Public string
	cause  error
}

// New makes a fault whose public words are formatted from format and args.
func New(k Kind, reason, format string, args ...any) *Error {
	return &Error{Kind: k, Reason: reason, Public: fmt.Sprintf(format, args...)}
}

// Wrap adds a private cause, which Error prints and Public does not.
func (e *Error) Wrap(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// Error is the text for logs and operators: the public words, the reason in
// parentheses and the private cause.
func (e *Error) Error() string {
	s := e.Public
	if s == "" {
		s = e.Kind.String()
	}
	if e.Reason != "" {
		s += " (" + e.Reason + ")"
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap returns the private cause.
func (e *Error) Unwrap() error { return e.cause }

// As returns the first fault in err's chain.
func As(err error) (*Error, bool) { return errors.AsType[*Error](err) }

// KindOf returns the kind of the first fault in err's chain; Internal if there is none.
func KindOf(err error) Kind {
	if e, ok := As(err); ok {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is a fault of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

// ReasonOf returns the reason of the first fault in err's chain, or "".
func ReasonOf(err error) string {
	if e, ok := As(err); ok {
		return e.Reason
	}
	return ""
}
