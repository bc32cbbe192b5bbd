import json
from tests.cli.conftest import *
from tests.sandbox_support import iso_before

ADDR=("--province","浙江省","--city","杭州市","--district","西湖区","--detail","文三路 90 号 3 单元")
def show(r):
    print(r.code, r.out, r.err[-900:])

def test_market(sandbox, asctl):
    asctl("order","sync"); sandbox.forget()
    o=[x for x in sandbox.state()["orders"] if x["status"]=="to_ship"]
    print(json.dumps(o[0],ensure_ascii=False))
    r=asctl("address","change",o[0]["order_id"],*ADDR,"--name","陈青","--phone","+86 138 0000 1111","--yes"); show(r)
    print(sandbox.ledger()); print(sandbox.order(o[0]["order_id"]))
    r=asctl("address","change",o[0]["order_id"],*ADDR,"--name","陈青","--phone","13800001111","--yes"); show(r)

def test_courier(sandbox, asctl):
    for c in ("sf","zto","yto","jd","sto"):
        o=sandbox.orders(1,couriers=[c],paid_at=iso_before(sandbox.now(),8))[0]
        asctl("order","sync"); sandbox.forget()
        r=asctl("address","change",o["order_id"],*ADDR,"--name","陈青","--phone","13800001111","--yes"); show(r)
        print([(e["operation"],e["write"],e["applied"],e["plugin"]) for e in sandbox.ledger()])
    sandbox.travel(2.5)
    show(asctl("parcel","poll"))
    show(asctl("action","reconcile"))
    show(asctl("action","list"))

def test_agree(sandbox, asctl):
    from collections import Counter
    for i in range(3):
        o=sandbox.orders(1)[0]
        sandbox.control("POST","aftersales",{"shop":"flagship","order_id":o["order_id"],"kind":"refund_only"})
    asctl("order","sync");asctl("aftersale","sync"); sandbox.forget()
    recs=asctl("aftersale","list","--status","applied").records
    print([(r["after_sale_id"],r["kind"],r["amount"],r["version"]) for r in recs])
    for k in ("refund_only","return","exchange","reship"):
        ids=[r["after_sale_id"] for r in recs if r["kind"]==k]
        show(asctl("aftersale","agree",*ids,"--yes"))
    print([(e["operation"],e["target"],e["key"],e["applied"]) for e in sandbox.writes()])
