package identitystore

import (
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/document"
	"github.com/aws/aws-sdk-go-v2/service/identitystore/types"

	"sekisho/internal/directory"
	"sekisho/internal/fault"
)

// profileOf is what the members of CreateUser beside names and address say.
func profileOf(name *types.Name, e types.Email) directory.Profile {
	p := directory.Profile{EmailType: aws.ToString(e.Type), EmailPrimary: e.Primary}
	if name != nil {
		p.Formatted, p.MiddleName = aws.ToString(name.Formatted), aws.ToString(name.MiddleName)
		p.HonorificPrefix, p.HonorificSuffix = aws.ToString(name.HonorificPrefix), aws.ToString(name.HonorificSuffix)
	}
	return p
}

func addressesOf(in []types.Address) (out []directory.Address) {
	for _, a := range in {
		out = append(out, directory.Address{
			StreetAddress: aws.ToString(a.StreetAddress), Locality: aws.ToString(a.Locality), Region: aws.ToString(a.Region),
			PostalCode: aws.ToString(a.PostalCode), Country: aws.ToString(a.Country), Formatted: aws.ToString(a.Formatted),
			Type: aws.ToString(a.Type), Primary: a.Primary,
		})
	}
	return out
}

func phoneNumbersOf(in []types.PhoneNumber) (out []directory.Labelled) {
	for _, v := range in {
		out = append(out, directory.Labelled{Value: aws.ToString(v.Value), Type: aws.ToString(v.Type), Primary: v.Primary})
	}
	return out
}

func rolesOf(in []types.Role) (out []directory.Labelled) {
	for _, v := range in {
		out = append(out, directory.Labelled{Value: aws.ToString(v.Value), Type: aws.ToString(v.Type), Primary: v.Primary})
	}
	return out
}

func photosOf(in []types.Photo) (out []directory.Labelled) {
	for _, v := range in {
		out = append(out, directory.Labelled{Value: aws.ToString(v.Value), Type: aws.ToString(v.Type), Display: aws.ToString(v.Display), Primary: v.Primary})
	}
	return out
}

// operationOf is an attribute's new value as the domain takes it.
func operationOf(path string, v document.Interface) (directory.Operation, error) {
	o := directory.Operation{Path: path}
	if v == nil {
		return o, nil
	}
	raw, err := v.MarshalSmithyDocument()
	if err != nil {
		return o, fault.New(fault.Invalid, "attribute", "The value of the attribute %s cannot be read", path).Wrap(err)
	}
	o.Value = raw
	return o, nil
}

func operationsOf(in []types.AttributeOperation) ([]directory.Operation, error) {
	out := make([]directory.Operation, len(in))
	for i, o := range in {
		var err error
		if out[i], err = operationOf(aws.ToString(o.AttributePath), o.AttributeValue); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// extensionsOf are the operations that give a new user its extensions.
func extensionsOf(in map[string]document.Interface) ([]directory.Operation, error) {
	var out []directory.Operation
	for name, v := range in { // the only one that there is, or one that is refused
		o, err := operationOf(name, v)
		if err != nil {
			return nil, err
		}
		out = append(out, o)
	}
	return out, nil
}

// wireUser is a user as lists have it, with the extensions that were asked for.
func wireUser(u directory.User, extensions []string) types.User {
	p := u.Profile
	out := types.User{
		IdentityStoreId: aws.String(u.Directory), UserId: aws.String(u.ID), UserName: aws.String(u.UserName), ExternalIds: wireExternalIDs(u.ExternalIDs),
		Name: &types.Name{
			Formatted: said(p.Formatted), GivenName: said(u.GivenName), FamilyName: said(u.FamilyName), MiddleName: said(p.MiddleName),
			HonorificPrefix: said(p.HonorificPrefix), HonorificSuffix: said(p.HonorificSuffix),
		},
		DisplayName: said(u.DisplayName), NickName: said(p.NickName), ProfileUrl: said(p.ProfileURL), UserType: said(p.UserType), Title: said(p.Title),
		PreferredLanguage: said(p.PreferredLanguage), Locale: said(u.Locale), Timezone: said(p.Timezone), Website: said(p.Website), Birthdate: said(p.Birthdate),
		UserStatus: types.UserStatusEnabled,
		CreatedAt:  at(u.CreatedAt), CreatedBy: said(u.CreatedBy), UpdatedAt: at(u.UpdatedAt), UpdatedBy: said(u.UpdatedBy),
	}
	if u.Disabled {
		out.UserStatus = types.UserStatusDisabled
	}
	if u.Email != "" {
		out.Emails = []types.Email{{Value: aws.String(u.Email), Type: said(p.EmailType), Primary: p.EmailPrimary}}
	}
	for _, a := range p.Addresses {
		out.Addresses = append(out.Addresses, types.Address{
			StreetAddress: said(a.StreetAddress), Locality: said(a.Locality), Region: said(a.Region), PostalCode: said(a.PostalCode),
			Country: said(a.Country), Formatted: said(a.Formatted), Type: said(a.Type), Primary: a.Primary,
		})
	}
	for _, v := range p.PhoneNumbers {
		out.PhoneNumbers = append(out.PhoneNumbers, types.PhoneNumber{Value: said(v.Value), Type: said(v.Type), Primary: v.Primary})
	}
	for _, v := range p.Photos {
		out.Photos = append(out.Photos, types.Photo{Value: said(v.Value), Type: said(v.Type), Display: said(v.Display), Primary: v.Primary})
	}
	for _, v := range p.Roles {
		out.Roles = append(out.Roles, types.Role{Value: said(v.Value), Type: said(v.Type), Primary: v.Primary})
	}
	for _, name := range extensions {
		if name == directory.EnterpriseExtension && p.Enterprise != nil {
			out.Extensions = map[string]document.Interface{name: document.NewLazyDocument(object(p.Enterprise))}
		}
	}
	return out
}

// object is v as JSON has it: documents go by their own tags, not by JSON's.
func object(v any) (m map[string]any) {
	raw, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil {
		panic(err) // texts only: cannot fail
	}
	return m
}

func wireGroup(g directory.Group) types.Group {
	return types.Group{
		IdentityStoreId: aws.String(g.Directory), GroupId: aws.String(g.ID), DisplayName: said(g.DisplayName), Description: said(g.Description),
		ExternalIds: wireExternalIDs(g.ExternalIDs),
		CreatedAt:   at(g.CreatedAt), CreatedBy: said(g.CreatedBy), UpdatedAt: at(g.UpdatedAt), UpdatedBy: said(g.UpdatedBy),
	}
}

func wireMembership(directoryID string, m directory.Membership) types.GroupMembership {
	return types.GroupMembership{
		IdentityStoreId: &directoryID, MembershipId: aws.String(m.ID), GroupId: aws.String(m.Group), MemberId: &types.MemberIdMemberUserId{Value: m.User},
		CreatedAt: at(m.CreatedAt), CreatedBy: said(m.CreatedBy), UpdatedAt: at(m.CreatedAt), UpdatedBy: said(m.CreatedBy),
	}
}

func wireExternalIDs(ids []directory.ExternalID) (out []types.ExternalId) {
	for _, id := range ids {
		out = append(out, types.ExternalId{Issuer: aws.String(id.Issuer), Id: aws.String(id.ID)})
	}
	return out
}

// said is a text of the wire, nil for none.
func said(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// at is a time of the wire, nil for never.
func at(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
