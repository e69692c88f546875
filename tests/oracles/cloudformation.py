#!/usr/bin/env python3
"""Records what other programs make of random CloudFormation templates.

    tests/oracles/cloudformation.py [COUNT [SEED]] > tests/recorded/cloudformation.json

Each template is made up from all intrinsic functions that both sides know. cfn-lint unrolls its loops
(Fn::ForEach), moto evaluates what is left, with recorder classes in place of resources: no service is
asked. The test `recorded` compares the results with ours (those of another file, if FRESHLY_RECORDED is its path);
it needs neither Python nor these packages (cfn-lint and moto, from the usual index). Known gaps of the two, and what is done about them:

- neither evaluates Fn::Cidr, Fn::Length and the default of Fn::FindInMap: they are carried out here, with
  `ipaddress`, `len` and a look into the mapping, before the two see the template (`compute`);
- moto writes JSON with blanks after commas: what Fn::ToJsonString gives is written anew (`J` properties);
- moto keeps AWS::NoValue in a list: it is taken out of what was recorded, and stands in no list that a
  function reads;
- moto is wrong about a list parameter's default, `${!Kept}` in a text without variables, and a condition
  that is nothing but another one: none is generated;
- moto makes up the zones of Fn::GetAZs: ours stay open, and are counted as such;
- neither knows what CloudFormation refuses: no template here is wrong.
"""
import ipaddress
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
        self.mappings["Lists"] = {"both": {"two": ["3", "4"]}}
        self.conditions = {}
        self.done = []

    def build(self):
        for n in range(self.random.randint(1, 5)):
            made = self.condition(2)
            self.conditions[f"C{n}"] = {"Fn::Not": [made]} if "Condition" in made else made
        resources = {}
        for n in range(self.random.randint(2, 5)):
            properties = {f"V{k}": self.anything(3) for k in range(self.random.randint(1, 4))}
            if self.random.random() < 0.3:
                properties["J"] = {"Fn::ToJsonString": {"b": self.string(2), "a": [self.string(1), {"c": self.plain()}]}}
            if self.random.random() < 0.3 and self.conditions:
                properties["N"] = self.absent(self.string(1))
                properties["M"] = {"kept": "k", "gone": self.absent(self.plain())}
                properties["L"] = [self.plain(), self.absent(self.plain()), self.plain()]
            resources[f"R{n}"] = {"Type": KIND, "Properties": properties}
            if self.conditions and self.random.random() < 0.25:
                resources[f"R{n}"]["Condition"] = self.random.choice(list(self.conditions))
            else:
                self.done.append((f"R{n}", properties))
        if self.random.random() < 0.5:
            resources["Fn::ForEach::Loop"] = self.loop("X", ["a", "b", "c1"][: self.random.randint(1, 3)])
        parameters = {name: {"Type": "String", "Default": "unused"} for name in self.parameters}
        parameters.update({name: {"Type": "CommaDelimitedList"} for name in self.lists})
        if self.random.random() < 0.4:
            properties = {"Zone": {"Fn::GetAZs": self.random.choice(["", {"Ref": "AWS::Region"}])}}
            if self.random.random() < 0.8:
                properties = {"In": {"Fn::ImportValue": self.imported()}}
            resources["Other"] = {"Type": KIND, "Properties": {**properties, "Deep": self.loops()}}
        outputs = {
            f"O{n}": {"Value": self.string(3), "Export": {"Name": {"Fn::Sub": f"${{AWS::Region}}-o{n}"}}}
            for n in range(self.random.randint(1, 3))
        }
        if self.random.random() < 0.4:
            each = {"Value": {"Fn::Join": ["", [{"Ref": "N"}, self.plain()]]}, "Export": {"Name": {"Fn::Sub": "each-${N}"}}}
            outputs["Fn::ForEach::Out"] = ["N", ["x", "y"], {"Each${N}": each}]
        return {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Transform": "AWS::LanguageExtensions",
            "Outputs": outputs,
            "Parameters": parameters,
            "Mappings": self.mappings,
            "Conditions": self.conditions,
            "Resources": resources,
        }

    def imported(self):
        return self.random.choice([*EXPORTS, {"Fn::Sub": "${AWS::Region}-net"}, {"Fn::Join": ["", ["na", "me"]]}])

    def loops(self):
        """A loop in a loop among properties, over what a mapping or a parameter says."""
        inner = {"In${A}${B}": self.random.choice([{"Fn::Sub": "${A}+${B}"}, {"Fn::Join": ["", [{"Ref": "B"}, {"Ref": "A"}]]}])}
        over = self.random.choice([["1", "2"], {"Fn::FindInMap": ["Lists", "both", "two"]}])
        return {"Fn::ForEach::A": ["A", ["s", "t"], {"Of${A}": {"Fn::ForEach::B": ["B", over, inner]}}]}

    def loop(self, name, items):
        body = {"Type": KIND, "Properties": {"Name": {"Fn::Sub": "n-${%s}" % name}, "Own": {"Ref": name}}}
        if self.random.random() < 0.4:
            inner = {f"In${{{name}}}${{Y}}": {"Type": KIND, "Properties": {"Both": {"Fn::Sub": "${%s}/${Y}" % name}}}}
            return [name, items, {"Fn::ForEach::Inner": ["Y", ["1", "2"], inner]}]
        body["Properties"]["Value"] = self.string(2)
        return [name, items, {f"Each${{{name}}}": body}]

    def absent(self, value):
        arms = [value, {"Ref": "AWS::NoValue"}]
        self.random.shuffle(arms)
        return {"Fn::If": [self.random.choice(list(self.conditions)), *arms]}

    def blocks(self):
        network, bits = self.random.choice([("10.0.0.0/16", 8), ("10.1.2.0/24", "5"), ("192.168.0.0/20", 6), ("2001:db8::/56", 64), ("10.7.0.77/22", 8)])
        return {"Fn::Cidr": [network, self.random.choice([1, 2, "3", 4]), bits]}

    def block(self, _=0):
        return {"Fn::Select": [0, self.blocks()]}

    def length(self, _=0):
        return {"Fn::Join": ["", ["n", {"Fn::Length": self.random.choice([["a", "b"], [], {"Ref": "L0"}])}]]}

    def default(self, depth):
        name, top = self.random.choice(["M0", "M1"]), self.random.choice(["prod", "none"])
        value = self.random.choice([self.random.choice(SAFE), {"Ref": "P0"}])
        return {"Fn::FindInMap": [name, top, self.random.choice(["K9", "K8"]), {"DefaultValue": value}]}

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
        kind = self.random.choice(["literal", "ref", "split", "if", "cidr", "mapped"])
        if kind == "cidr":
            return self.blocks()
        if kind == "mapped":
            return {"Fn::FindInMap": ["Lists", "both", "two"]}
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
        make = self.random.choice([self.plain, self.sub, self.join, self.select, self.choose, self.refer, self.encode, self.block, self.length, self.default])
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


EXPORTS = {"us-east-1-net": "vpc-1", "name": "a,b", "plain": "10.0.0.0/16"}
EXPORTING = {
    "Resources": {"R": {"Type": KIND, "Properties": {}}},
    "Outputs": {f"E{n}": {"Value": v, "Export": {"Name": k}} for n, (k, v) in enumerate(EXPORTS.items())},
}


def compute(node, lists, mappings):
    """The template with what neither of the two evaluates carried out."""
    if isinstance(node, list):
        return [compute(item, lists, mappings) for item in node]
    if not isinstance(node, dict):
        return node
    if "Fn::Length" in node:
        of = node["Fn::Length"]
        return str(len(of if isinstance(of, list) else lists[of["Ref"]]))
    if "Fn::Cidr" in node:
        network, count, bits = node["Fn::Cidr"]
        network = ipaddress.ip_network(network, strict=False)
        blocks = network.subnets(new_prefix=network.max_prefixlen - int(bits))
        return [str(next(blocks)) for _ in range(int(count))]
    if len(node.get("Fn::FindInMap", [])) == 4:
        name, top, key, default = node["Fn::FindInMap"]
        return mappings[name].get(top, {}).get(key, default["DefaultValue"])
    return {key: compute(value, lists, mappings) for key, value in node.items()}


def normal(node, key=""):
    """Without what is absent, and JSON texts in one form."""
    if isinstance(node, list):
        return [normal(item) for item in node if item is not None]
    if isinstance(node, dict):
        return {key: normal(value, key) for key, value in node.items() if value is not None}
    return json.dumps(json.loads(node), separators=(",", ":"), sort_keys=True) if key == "J" else node


def evaluate(template, parameters, lists):
    template = compute(template, lists, template["Mappings"])
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
        client.create_stack(StackName="exports", TemplateBody=json.dumps(EXPORTING))
        RECORDED.clear()
        client.create_stack(StackName="s", TemplateBody=json.dumps(flat), Parameters=given)
        stack = client.describe_stacks(StackName="s")["Stacks"][0]
        if stack["StackStatus"] != "CREATE_COMPLETE":
            raise ValueError("moto cannot create it")
        outputs = {output["ExportName"]: output["OutputValue"] for output in stack["Outputs"]}
        return normal(json.loads(json.dumps(RECORDED, default=str))), outputs


def main():
    count, seed = (int(argument) for argument in (sys.argv[1:] + ["150", "1"][len(sys.argv) - 1 :])[:2])
    cases, refused, last = [], {}, seed + 10 * count + 100
    while len(cases) < count and seed < last:
        maker = Maker(seed)
        template = maker.build()
        parameters = {**maker.parameters, **{name: ",".join(items) for name, items in maker.lists.items()}}
        try:
            expected, outputs = evaluate(template, parameters, maker.lists)
            case = {"seed": seed, "template": template, "parameters": parameters, "imports": EXPORTS}
            cases.append({**case, "expected": expected, "outputs": outputs})
        except Exception as error:  # what the oracles refuse is counted, not hidden
            kind = f"{type(error).__name__}: {str(error)[:60]}"
            refused[kind] = refused.get(kind, 0) + 1
        seed += 1
    print(f"{len(cases)} recorded, refused by the oracles: {refused}", file=sys.stderr)
    print("[\n" + ",\n".join(json.dumps(case, sort_keys=False) for case in cases) + "\n]")


main()
