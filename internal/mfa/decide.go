package mfa

import "sekisho/internal/access"

// Need is what a person with the right password needs beside it.
type Need uint8

// What may be needed.
const (
	// Refused is also what settings that nobody knows lead to.
	Refused      Need = iota
	Nothing           // the person is in
	Factor            // one of the person's devices
	Registration      // a device, which is registered now
	MailedCode        // the code of a mail to the person's address
)

// Decide tells what a person with so many devices needs, in a browser that is trusted
// or not (behaviours.md 6.7). Where an external identity provider says who people
// are, it asks for factors and not we (G-53): such an instance's Prompt is Never.
//
// A trusted browser counts only where the context does, and there for people without
// a device too: it beats BlockSignIn.
func Decide(s access.MFA, devices int, trusted bool) Need {
	switch {
	case s.Prompt == access.Never, s.Prompt == access.ContextAware && trusted:
		return Nothing
	case devices > 0:
		return Factor
	}
	switch s.NoDevice {
	case access.RequireRegistration:
		return Registration
	case access.RequireEmailOTP:
		return MailedCode
	case access.AllowSignIn:
		return Nothing
	case access.BlockSignIn:
	}
	return Refused
}
