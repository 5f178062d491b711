package awsmanaged

import (
	_ "embed" // the tables
	"slices"
	"strings"
	"sync"
)

// servicesData has a line for each service: prefix, tab, name, as in the data
// set iam-data (data/LICENSE.iam-data). Services that only policies still name, because
// they are closed or not announced, have no name.
//
//go:embed data/services.tsv
var servicesData string

// actionsData has a line for each action: prefix, name, access level, from the
// same data set.
//
//go:embed data/actions.tsv
var actionsData string

// AccessLevel is how AWS classes an action.
type AccessLevel string

// The access levels.
const (
	List        AccessLevel = "List"
	Read        AccessLevel = "Read"
	Write       AccessLevel = "Write"
	Permissions AccessLevel = "Permissions management"
	Tagging     AccessLevel = "Tagging"
)

// Action is an operation of a service as policies name it.
type Action struct {
	Name        string // such as "CreateUser"
	AccessLevel AccessLevel
}

// serviceTable is the services and the actions that are known of some.
type serviceTable struct {
	prefixes []string
	names    map[string]string
	actions  map[string][]Action
}

var services = sync.OnceValue(func() *serviceTable {
	t := &serviceTable{names: map[string]string{}, actions: map[string][]Action{}}
	for line := range strings.Lines(servicesData) {
		prefix, name, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		t.prefixes = append(t.prefixes, prefix)
		t.names[prefix] = name
	}
	for line := range strings.Lines(actionsData) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		t.actions[f[0]] = append(t.actions[f[0]], Action{f[1], AccessLevel(f[2])})
	}
	return t
})

// Services is the prefix of every known service, such as "iam", in lower case
// and in order. It is what AWS documents of its public services on the day of
// the data and what the managed policies name beside; services that AWS adds
// later are missing, so a prefix that is not here is no error of its writer.
// The slice is the caller's.
func Services() []string { return slices.Clone(services().prefixes) }

// KnownService reports whether a prefix, in any case, is of a known service. See
// Services for how far the list reaches.
func KnownService(prefix string) bool {
	_, ok := services().names[strings.ToLower(prefix)]
	return ok
}

// ServiceName is the name of a service as AWS's documentation has it, such as
// "AWS Identity and Access Management (IAM)" for iam, or "" if it is not known.
func ServiceName(prefix string) string { return services().names[strings.ToLower(prefix)] }

// Actions is what policies can allow of a service, ordered by name. It is known
// of the services that have to do with identities: account, iam, identitystore,
// identitystore-auth, organizations, rolesanywhere, signin, sso, sso-directory,
// sso-oauth and sts; nil for others. The slice is the caller's.
func Actions(prefix string) []Action {
	return slices.Clone(services().actions[strings.ToLower(prefix)])
}
