package iam

import (
	"fmt"
	"strings"
	"time"
)

// SummaryLanguage is a language in which policies are told.
type SummaryLanguage uint8

// The languages.
const (
	EnglishSummary SummaryLanguage = iota
	JapaneseSummary
)

// wording is how a language tells a policy.
type wording struct {
	opening              string // requestor's name and account
	openingIn            string // with the owner's account at the end
	lasts                string // duration
	hours, minutes       string
	seconds              string
	allow, deny          string // actions, resources
	everyAction, butActs string // all actions; all but some
	everything, butRes   string // all resources; all but some
	comma, and, or       string // between names of a list
	also                 string // between conditions
	stop                 string // at the end of a statement
	when                 string // conditions
	condition            string // key, comparison, values
	unknown              string // operator, for comparisons without words
	missing              string // comparison: also if the key is not there
	anyOf, allOf         string // comparison, of keys with many values
	operators            map[string]string
}

var wordings = [...]wording{
	EnglishSummary: {
		opening: "%s (account %s) asks for temporary access to your account.", openingIn: "%s (account %s) asks for temporary access to account %s.",
		lasts: "The access lasts for %s after the token is sent.", hours: "%d hour(s)", minutes: "%d minute(s)", seconds: "%d second(s)",
		allow: "Allows %s on %s", deny: "Denies %s on %s",
		everyAction: "every action", butActs: "every action but %s", everything: "every resource", butRes: "every resource but %s",
		comma: ", ", and: " and ", or: " or ", also: " and ", stop: ".", when: ", if %s", condition: "%s %s %s", unknown: "satisfies %s with", missing: "is absent or %s",
		anyOf: "has a value that %s", allOf: "has only values of which each %s",
		operators: map[string]string{
			"StringEquals": "is", "StringNotEquals": "is not", "StringEqualsIgnoreCase": "is, in any case,", "StringNotEqualsIgnoreCase": "is not, in any case,",
			"StringLike": "is like", "StringNotLike": "is not like", "ArnEquals": "is", "ArnNotEquals": "is not", "ArnLike": "is like", "ArnNotLike": "is not like",
			"NumericEquals": "is", "NumericNotEquals": "is not", "NumericLessThan": "is less than", "NumericLessThanEquals": "is at most",
			"NumericGreaterThan": "is more than", "NumericGreaterThanEquals": "is at least", "DateEquals": "is", "DateNotEquals": "is not",
			"DateLessThan": "is before", "DateLessThanEquals": "is not after", "DateGreaterThan": "is after", "DateGreaterThanEquals": "is not before",
			"Bool": "is", "IpAddress": "is in", "NotIpAddress": "is not in", "BinaryEquals": "is", "Null": "is absent:",
		},
	},
	JapaneseSummary: {
		opening: "%s(アカウント %s)が、あなたのアカウントへの一時的なアクセスを求めています。", openingIn: "%s(アカウント %s)が、アカウント %s への一時的なアクセスを求めています。",
		lasts: "アクセスは、トークンの送信から %s で終わります。", hours: "%d 時間", minutes: "%d 分", seconds: "%d 秒",
		allow: "%[2]s に対する %[1]s を許可します", deny: "%[2]s に対する %[1]s を拒否します",
		everyAction: "すべてのアクション", butActs: "%s を除くすべてのアクション", everything: "すべてのリソース", butRes: "%s を除くすべてのリソース",
		comma: "、", and: "、", or: " または ", also: "、かつ ", stop: "。", when: "(条件: %s)", condition: "%[1]s が %[3]s %[2]s", unknown: "に対して %s を満たす", missing: "%sか、存在しない",
		anyOf: "%s値を含む", allOf: "%s値だけを含む",
		operators: map[string]string{
			"StringEquals": "に等しい", "StringNotEquals": "に等しくない", "StringEqualsIgnoreCase": "に(大文字と小文字を区別せず)等しい",
			"StringNotEqualsIgnoreCase": "に(大文字と小文字を区別せず)等しくない", "StringLike": "に一致する", "StringNotLike": "に一致しない",
			"ArnEquals": "に等しい", "ArnNotEquals": "に等しくない", "ArnLike": "に一致する", "ArnNotLike": "に一致しない",
			"NumericEquals": "に等しい", "NumericNotEquals": "に等しくない", "NumericLessThan": "より小さい", "NumericLessThanEquals": "以下の",
			"NumericGreaterThan": "より大きい", "NumericGreaterThanEquals": "以上の", "DateEquals": "に等しい", "DateNotEquals": "に等しくない",
			"DateLessThan": "より前の", "DateLessThanEquals": "以前の", "DateGreaterThan": "より後の", "DateGreaterThanEquals": "以後の",
			"Bool": "に等しい", "IpAddress": "の範囲にある", "NotIpAddress": "の範囲にない", "BinaryEquals": "に等しい", "Null": "の存在しない",
		},
	},
}

// SummarizeDelegation tells in words who asks for what, for how long and under
// which conditions: a paragraph, then a line for each statement of the policy.
func SummarizeDelegation(r DelegationRequest, language SummaryLanguage) (string, error) {
	statements, err := Statements(r.Policy)
	if err != nil {
		return "", err
	}
	w := &wordings[language]
	var b strings.Builder
	if r.OwnerAccount == "" {
		fmt.Fprintf(&b, w.opening, r.RequestorName, r.Requestor)
	} else {
		fmt.Fprintf(&b, w.openingIn, r.RequestorName, r.Requestor, r.OwnerAccount)
	}
	b.WriteString(" ")
	fmt.Fprintf(&b, w.lasts, w.duration(time.Duration(r.Seconds)*time.Second))
	b.WriteString("\n")
	for i, s := range statements {
		fmt.Fprintf(&b, "\n%d. %s", i+1, w.statement(s))
	}
	return b.String(), nil
}

func (w *wording) duration(d time.Duration) string {
	switch {
	case d%time.Hour == 0:
		return fmt.Sprintf(w.hours, d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf(w.minutes, d/time.Minute)
	}
	return fmt.Sprintf(w.seconds, d/time.Second)
}

func (w *wording) statement(s PolicyStatement) string {
	form := w.allow
	if s.Deny {
		form = w.deny
	}
	text := fmt.Sprintf(form, w.some(s.Actions, s.NotAction, w.everyAction, w.butActs), w.some(s.Resources, s.NotResource, w.everything, w.butRes))
	if len(s.Conditions) == 0 {
		return text + w.stop
	}
	conditions := make([]string, len(s.Conditions))
	for i, c := range s.Conditions {
		conditions[i] = w.compare(c)
	}
	return text + fmt.Sprintf(w.when, strings.Join(conditions, w.also)) + w.stop
}

func (w *wording) some(names []string, but bool, every, allBut string) string {
	switch {
	case but:
		return fmt.Sprintf(allBut, w.listed(names, w.and))
	case len(names) == 1 && names[0] == "*":
		return every
	}
	return w.listed(names, w.and)
}

// listed is "a, b and c".
func (w *wording) listed(names []string, last string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], w.comma) + last + names[len(names)-1]
}

// compare tells one condition. What has no words is told as it is written.
func (w *wording) compare(c PolicyCondition) string {
	operator, ifExists := strings.CutSuffix(c.Operator, "IfExists")
	quantifier, base, many := strings.Cut(operator, ":")
	if !many {
		base = operator
	}
	said, ok := w.operators[base]
	if !ok {
		said, ifExists, many = fmt.Sprintf(w.unknown, c.Operator), false, false
	}
	if many && quantifier == "ForAllValues" {
		said = fmt.Sprintf(w.allOf, said)
	} else if many {
		said = fmt.Sprintf(w.anyOf, said)
	}
	if ifExists {
		said = fmt.Sprintf(w.missing, said)
	}
	quoted := make([]string, len(c.Values))
	for i, v := range c.Values {
		quoted[i] = fmt.Sprintf("%q", v)
	}
	return fmt.Sprintf(w.condition, c.Key, said, w.listed(quoted, w.or))
}
