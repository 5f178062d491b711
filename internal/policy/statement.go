package policy

import "strings"

// statement is a compiled statement.
type statement struct {
	sid        string
	start, end Position
	deny       bool
	trust      bool // of a trust policy
	principals *principals

	actions   []actionPattern
	notAction bool
	common    string // with which every action of the statement begins, in lower case

	anyResource bool // "*", or the element is not there where it may be missing
	resources   []pattern
	notResource bool

	conditions []condition

	actionsAt, resourcesAt, principalsAt Position
}

// matchesAction tells whether the statement is about the action.
func (st *statement) matchesAction(action string) bool {
	if !hasPrefixFold(action, st.common) {
		return st.notAction
	}
	for i := range st.actions {
		if st.actions[i].match(action) {
			return !st.notAction
		}
	}
	return st.notAction
}

// matchesResource tells whether the statement is about the resource.
func (st *statement) matchesResource(resource string, ctx Context) bool {
	if st.anyResource {
		return !st.notResource
	}
	for i := range st.resources {
		if st.resources[i].match(resource, ctx) {
			return !st.notResource
		}
	}
	return st.notResource
}

func (st *statement) effect() string {
	if st.deny {
		return "Deny"
	}
	return "Allow"
}

// applies tells whether the whole statement matches the request, and how it
// names the caller. What is cheap and seldom true comes first.
func (st *statement) applies(e *evaluation) (naming, bool) {
	if !st.matchesAction(e.r.Action) {
		return unnamed, false
	}
	how, ok := st.covers(e)
	if !ok || !st.matchesResource(e.r.Resource, e.ctx) {
		return unnamed, false
	}
	for i := range st.conditions {
		if !st.conditions[i].holds(e.ctx) {
			return unnamed, false
		}
	}
	return how, true
}

// commonPrefix is what all patterns begin with, short of wildcards. Most statements
// are of one service, so that it tells the others' actions at once.
func commonPrefix(actions []actionPattern) string {
	var common string
	for i := range actions {
		text := actions[i].text
		if n := strings.IndexAny(text, "*?"); n >= 0 {
			text = text[:n]
		}
		if i == 0 {
			common = text
		}
		n := 0
		for n < len(common) && n < len(text) && common[n] == text[n] {
			n++
		}
		common = common[:n]
	}
	return common
}
