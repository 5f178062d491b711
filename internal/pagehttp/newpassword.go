package pagehttp

import (
	"net/url"

	"sekisho/internal/credential"
	"sekisho/internal/secret"
	"sekisho/web"
)

// violations are the rules of passwords in the words of pages.
var violations = map[credential.Violation]web.NewPasswordError{
	credential.TooShort:      web.NewPasswordTooShort,
	credential.TooLong:       web.NewPasswordTooLong,
	credential.NoUpper:       web.NewPasswordNoUpper,
	credential.NoLower:       web.NewPasswordNoLower,
	credential.NoDigit:       web.NewPasswordNoDigit,
	credential.NoSymbol:      web.NewPasswordNoSymbol,
	credential.Common:        web.NewPasswordCommon,
	credential.ContainsName:  web.NewPasswordContainsName,
	credential.BadCharacter:  web.NewPasswordBadCharacter,
	credential.Reused:        web.NewPasswordReused,
	credential.TooFewClasses: web.NewPasswordClasses,
	credential.IsAccountName: web.NewPasswordAccount,
	credential.Unchanged:     web.NewPasswordUnchanged,
}

// PasswordFaults are the rules that a new password broke, as a page tells them.
func PasswordFaults(broken []credential.Violation) []web.NewPasswordError {
	var faults []web.NewPasswordError
	for _, v := range broken {
		faults = append(faults, violations[v])
	}
	return faults
}

// ChosenPassword is the new password of a posted form, if it was typed twice alike.
func ChosenPassword(form url.Values) (secret.String, []web.NewPasswordError) {
	chosen := form.Get(web.FieldNewPassword)
	switch {
	case chosen == "":
		return secret.String{}, []web.NewPasswordError{web.NewPasswordRequired}
	case chosen != form.Get(web.FieldConfirm):
		return secret.String{}, []web.NewPasswordError{web.NewPasswordMismatch}
	}
	return secret.NewString(chosen), nil
}

// RootRules is what pages say of the passwords that credential.CheckRoot accepts.
var RootRules = web.PasswordRules{
	MinLength: credential.DefaultPolicy.MinLength, MaxLength: credential.MaxIAMLength,
	Classes: credential.DefaultPolicy.Classes, NotCommon: true, NotAccount: true,
}
