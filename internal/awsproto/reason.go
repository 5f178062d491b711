package awsproto

import (
	"slices"
	"strings"
)

// reasons are the words for a broken constraint in the members Reason of exceptions, as far as services have them:
// Organizations' InvalidInputExceptionReason tells the kinds apart.
var reasons = [...]string{
	Missing:    "INPUT_REQUIRED",
	NotListed:  "INVALID_ENUM",
	TooLong:    "MAX_LENGTH_EXCEEDED",
	TooShort:   "MIN_LENGTH_EXCEEDED",
	TooGreat:   "MAX_VALUE_EXCEEDED",
	TooSmall:   "MIN_VALUE_EXCEEDED",
	NoMatch:    "INVALID_PATTERN",
	BadElement: "INVALID_LIST_MEMBER",
}

// anyField is the one word of services that only tell that it was a member's value (account), and which.
const anyField = "fieldValidationFailed"

// RefuseInput gives the error by which an API of this kind answers an input that breaks the model's constraints: what
// [API.Refuse] gives for [Validation], with the members that the service's exception has for the reason and the fields.
func (a *API) RefuseInput(v Violations) Error {
	e := a.Refuse(Validation, v.Error())
	sh := a.exception([]string{e.Code})
	if sh == nil || a.Protocol == Query || len(v) == 0 {
		return e
	}
	e.Extra = make(map[string]any)
	for _, m := range sh.members {
		switch {
		case strings.EqualFold(m.Name, "reason"):
			if word := v[0].reason(m.shape.Enum); word != "" {
				e.Extra[m.wire()] = word
			}
		case m.Name == "fieldList":
			e.Extra[m.wire()] = v.fields()
		}
	}
	return e
}

// reason is the most precise of a service's words for it, or "". AWS's first violation gives the reason.
func (v Violation) reason(words []string) string {
	word := reasons[v.Kind]
	for _, one := range []string{word + "_" + upperSnake(v.shape), word + "_" + upperSnake(v.member), word, anyField} {
		if slices.Contains(words, one) {
			return one
		}
	}
	return ""
}

// upperSnake turns TargetId into TARGET_ID.
func upperSnake(name string) string { return strings.ToUpper(snake(name)) }

// fieldFault is an element of a fieldList.
type fieldFault struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

func (v Violations) fields() []fieldFault {
	all := make([]fieldFault, len(v))
	for i, one := range v {
		all[i] = fieldFault{one.Path, one.Constraint}
	}
	return all
}
