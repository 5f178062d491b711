package orgfile

import (
	"reflect"

	"sekisho/internal/directory"
)

// profile is what a file knows of a person, as the directory has it.
func (p *Profile) profile() directory.Profile {
	out := directory.Profile{
		Formatted: p.Formatted, MiddleName: p.MiddleName, HonorificPrefix: p.HonorificPrefix, HonorificSuffix: p.HonorificSuffix,
		NickName: p.NickName, ProfileURL: p.ProfileURL, UserType: p.UserType, Title: p.Title, PreferredLanguage: p.PreferredLanguage,
		Timezone: p.Timezone, Website: p.Website, Birthdate: p.Birthdate, EmailType: p.EmailType, EmailPrimary: p.EmailPrimary,
		PhoneNumbers: each(p.PhoneNumbers, Labelled.labelled), Photos: each(p.Photos, Labelled.labelled), Roles: each(p.Roles, Labelled.labelled),
		Addresses: each(p.Addresses, func(a Address) directory.Address { return directory.Address(a) }),
	}
	if e := p.Enterprise; e != nil {
		out.Enterprise = &directory.Enterprise{
			EmployeeNumber: e.EmployeeNumber, CostCenter: e.CostCenter, Organization: e.Organization, Division: e.Division,
			Department: e.Department, Manager: (*directory.Manager)(e.Manager),
		}
	}
	return out
}

func (l Labelled) labelled() directory.Labelled { return directory.Labelled(l) }

// profileOf is the other way.
func profileOf(p directory.Profile) *Profile {
	out := &Profile{
		Formatted: p.Formatted, MiddleName: p.MiddleName, HonorificPrefix: p.HonorificPrefix, HonorificSuffix: p.HonorificSuffix,
		NickName: p.NickName, ProfileURL: p.ProfileURL, UserType: p.UserType, Title: p.Title, PreferredLanguage: p.PreferredLanguage,
		Timezone: p.Timezone, Website: p.Website, Birthdate: p.Birthdate, EmailType: p.EmailType, EmailPrimary: p.EmailPrimary,
		PhoneNumbers: each(p.PhoneNumbers, labelledOf), Photos: each(p.Photos, labelledOf), Roles: each(p.Roles, labelledOf),
		Addresses: each(p.Addresses, func(a directory.Address) Address { return Address(a) }),
	}
	if e := p.Enterprise; e != nil {
		out.Enterprise = &Enterprise{
			EmployeeNumber: e.EmployeeNumber, CostCenter: e.CostCenter, Organization: e.Organization, Division: e.Division,
			Department: e.Department, Manager: (*Manager)(e.Manager),
		}
	}
	return out
}

func labelledOf(l directory.Labelled) Labelled { return Labelled(l) }

// each is a list of what f makes of each; nil of an empty one, as the store returns it.
func each[A, B any](list []A, f func(A) B) []B {
	var out []B
	for _, v := range list {
		out = append(out, f(v))
	}
	return out
}

// empty reports whether there is nothing in it.
func (p *Profile) empty() bool { return reflect.DeepEqual(p, &Profile{}) }
