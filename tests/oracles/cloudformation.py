#!/usr/bin/env python3
"""Records what other programs make of random CloudFormation templates.

    tests/oracles/cloudformation.py [COUNT [SEED]] > tests/recorded/cloudformation.json

Each template is made up from all intrinsic functions that both sides know. cfn-lint unrolls its loops
(Fn::ForEach), moto evaluates what is left, with recorder classes in place of resources: no service is
asked. The test `recorded` compares the results with ours; it needs neither Python nor these packages
(cfn-lint and moto, from the usual index). Left out, because moto is known to be wrong there: a list
parameter's default, AWS::NoValue in a list, `${!Kept}` in a text without variables, a
condition that is nothing but another one, Fn::Length, Fn::Cidr.
"""
import json
import os
import random
import sys

os.environ.update(
    AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_DEFAULT_REGION="us-east-1",
    AWS_EC2_METADATA_DISABLED="true",
)
import boto3  # noqa: E402
from cfnlint.decode import decode_str  # noqa: E402
from cfnlint.template import Template  # noqa: E402
from moto import mock_aws  # noqa: E402
from moto.cloudformation import parsing  # noqa: E402
from moto.core.common_models import CloudFormationModel  # noqa: E402

KIND = "AWS::Recorded::Thing"
SAFE = ["alpha", "beta", "a,b,c", "x-y", "10.0.0.0/16", "", "prod", "dev", "one two"]


class Recorder(CloudFormationModel):
    """Stands for any resource: its attributes are its properties, or made of its name."""

    __module__ = "moto.recorder.models"

    def __init__(self, name, properties):
        self.name, self.physical_resource_id, self.type, self.properties = name, f"<{name}>", KIND, properties

    cloudformation_name_type = staticmethod(lambda: "")
    cloudformation_type = staticmethod(lambda: KIND)
    has_cfn_attr = classmethod(lambda cls, attribute: True)

    def get_cfn_attribute(self, attribute):
        return self.properties.get(attribute, f"<{self.name}.{attribute}>")

    @classmethod
    def create_from_cloudformation_json(cls, name, body, account_id, region, **_):
        return cls(name, body.get("Properties", {}))

    @classmethod
    def delete_from_cloudformation_json(cls, *_, **__):
        pass


RECORDED = {}
create = parsing.parse_and_create_resource


def record(logical_id, resource_json, resources_map, account_id, region_name):
    made = create(logical_id, resource_json, resources_map, account_id, region_name)
    if made is not None:
        made.name, made.physical_resource_id = logical_id, f"<{logical_id}>"
        RECORDED[logical_id] = made.properties
    return made


parsing.parse_and_create_resource = record
models = parsing.get_model_map()
parsing.get_model_map = lambda: {**models, KIND: Recorder}


class Maker:
    """One random template."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        pick = self.random
        self.parameters = {f"P{n}": pick.choice(SAFE) for n in range(3)}
        self.lists = {"L0": ["p", "q", "r"], "L1": ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]}
        self.mappings = {
            f"M{n}": {
                top: {key: pick.choice([pick.choice(SAFE), ["u", "v", "w"]]) for key in ("K0", "K1")}
                for top in ("prod", "dev")
            }
            for n in range(2)
        }
        self.conditions = {}
        self.done = []

    def build(self):
        for n in range(self.random.randint(1, 5)):
            made = self.condition(2)
            self.conditions[f"C{n}"] = {"Fn::Not": [made]} if "Condition" in made else made
        resources = {}
        for n in range(self.random.randint(2, 5)):
            properties = {f"V{k}": self.anything(3) for k in range(self.random.randint(1, 4))}
            resources[f"R{n}"] = {"Type": KIND, "Properties": properties}
            if self.conditions and self.random.random() < 0.25:
                resources[f"R{n}"]["Condition"] = self.random.choice(list(self.conditions))
            else:
                self.done.append((f"R{n}", properties))
        if self.random.random() < 0.5:
            resources["Fn::ForEach::Loop"] = self.loop("X", ["a", "b", "c1"][: self.random.randint(1, 3)])
        parameters = {name: {"Type": "String", "Default": "unused"} for name in self.parameters}
        parameters.update({name: {"Type": "CommaDelimitedList"} for name in self.lists})
        return {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Transform": "AWS::LanguageExtensions",
            "Parameters": parameters,
            "Mappings": self.mappings,
            "Conditions": self.conditions,
            "Resources": resources,
        }

    def loop(self, name, items):
        body = {"Type": KIND, "Properties": {"Name": {"Fn::Sub": "n-${%s}" % name}, "Own": {"Ref": name}}}
        if self.random.random() < 0.4:
            inner = {f"In${{{name}}}${{Y}}": {"Type": KIND, "Properties": {"Both": {"Fn::Sub": "${%s}/${Y}" % name}}}}
            return [name, items, {"Fn::ForEach::Inner": ["Y", ["1", "2"], inner]}]
        body["Properties"]["Value"] = self.string(2)
        return [name, items, {f"Each${{{name}}}": body}]

    def condition(self, depth):
        kinds = ["equals"] + (["and", "or", "not"] if depth else []) + (["named"] if self.conditions else [])
        kind = self.random.choice(kinds)
        if kind == "equals":
            return {"Fn::Equals": [self.plain(), self.plain()]}
        if kind == "not":
            return {"Fn::Not": [self.condition(depth - 1)]}
        if kind == "named":
            return {"Condition": self.random.choice(list(self.conditions))}
        return {f"Fn::{kind.title()}": [self.condition(depth - 1) for _ in range(self.random.randint(2, 3))]}

    def plain(self, _=0):
        choices = [lambda: self.random.choice(SAFE), lambda: {"Ref": self.random.choice(list(self.parameters))}, self.found]
        return self.random.choice(choices)()

    def found(self, _=0):
        name, top, key = self.random.choice(
            [(m, t, k) for m, v in self.mappings.items() for t, w in v.items() for k, x in w.items() if isinstance(x, str)]
            or [(None, None, None)]
        )
        return {"Fn::FindInMap": [name, top, key]} if name else "none"

    def anything(self, depth):
        kind = self.random.choice(["string", "string", "list", "map"] if depth else ["string"])
        if kind == "list":
            return self.list(depth - 1)
        if kind == "map":
            return {f"k{n}": self.anything(depth - 1) for n in range(self.random.randint(1, 3))}
        return self.string(depth)

    def list(self, depth):
        kind = self.random.choice(["literal", "ref", "split", "if"])
        if kind == "ref":
            return {"Ref": self.random.choice(list(self.lists))}
        if kind == "split":
            return {"Fn::Split": [self.random.choice([",", "-", "/"]), self.string(depth)]}
        if kind == "if" and self.conditions and depth:
            return {"Fn::If": [self.random.choice(list(self.conditions)), self.list(depth - 1), self.list(depth - 1)]}
        return [self.string(max(depth, 0)) for _ in range(self.random.randint(1, 3))]

    def string(self, depth):
        if depth <= 0:
            return self.plain()
        make = self.random.choice([self.plain, self.sub, self.join, self.select, self.choose, self.refer, self.encode])
        return make(depth)

    def sub(self, depth):
        names = [f"${{{name}}}" for name in self.parameters] + ["${AWS::Region}", "-", "/", "text"]
        names += [f"${{{name}}}" for name, _ in self.done]
        text = "".join(self.random.choice(names) for _ in range(self.random.randint(1, 4)))
        if self.random.random() < 0.4:
            return {"Fn::Sub": [text + "${Own}", {"Own": self.string(depth - 1)}]}
        return {"Fn::Sub": text}

    def join(self, depth):
        return {"Fn::Join": [self.random.choice([",", "", "-"]), self.list(depth - 1)]}

    def select(self, depth):
        items = [self.string(depth - 1) for _ in range(3)]
        index = self.random.choice([0, 1, 2, "0", "1"])
        return {"Fn::Select": [index, self.random.choice([items, {"Ref": self.random.choice(list(self.lists))}])]}

    def choose(self, depth):
        if not self.conditions:
            return self.plain()
        name = self.random.choice(list(self.conditions))
        return {"Fn::If": [name, self.string(depth - 1), self.string(depth - 1)]}

    def encode(self, depth):
        return {"Fn::Base64": self.plain()}

    def refer(self, _):
        if not self.done:
            return self.plain()
        name, properties = self.random.choice(self.done)
        texts = [key for key, value in properties.items() if isinstance(value, str)]
        if texts and self.random.random() < 0.5:
            return {"Fn::GetAtt": self.random.choice([f"{name}.{texts[0]}", [name, texts[0]]])}
        return self.random.choice([{"Ref": name}, {"Fn::GetAtt": [name, "Made"]}])


def evaluate(template, parameters):
    parsed, errors = decode_str(json.dumps(template))
    if errors:
        raise ValueError(errors)
    unrolled = Template("t.json", parsed, ["us-east-1"])
    if unrolled.transform():
        raise ValueError("cfn-lint cannot unroll it")
    flat = json.loads(json.dumps(unrolled.template, default=str))
    flat.pop("Transform", None)
    RECORDED.clear()
    with mock_aws():
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
        client = boto3.client("cloudformation")
        client.create_stack(StackName="s", TemplateBody=json.dumps(flat), Parameters=given)
        if client.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"] != "CREATE_COMPLETE":
            raise ValueError("moto cannot create it")
        return json.loads(json.dumps(RECORDED, default=str))


def main():
    count, seed = (int(argument) for argument in (sys.argv[1:] + ["150", "1"][len(sys.argv) - 1 :])[:2])
    cases, refused = [], {}
    while len(cases) < count and seed < 10 * count + 100:
        maker = Maker(seed)
        template = maker.build()
        parameters = {**maker.parameters, **{name: ",".join(items) for name, items in maker.lists.items()}}
        try:
            expected = evaluate(template, parameters)
            cases.append({"seed": seed, "template": template, "parameters": parameters, "expected": expected})
        except Exception as error:  # what the oracles refuse is counted, not hidden
            refused[type(error).__name__] = refused.get(type(error).__name__, 0) + 1
        seed += 1
    print(f"{len(cases)} recorded, refused by the oracles: {refused}", file=sys.stderr)
    print("[\n" + ",\n".join(json.dumps(case, sort_keys=False) for case in cases) + "\n]")


main()
