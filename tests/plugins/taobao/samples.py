"""The sample answers of the protocol reference, section 11, as the gateway sends them."""

FULLINFO = """{"trade_fullinfo_get_response":{"trade":{
 "tid":4000000000000000101,"tid_str":"4000000000000000101","status":"WAIT_BUYER_CONFIRM_GOODS","type":"fixed",
 "seller_nick":"示例旗舰店","buyer_nick":"t**1","buyer_open_uid":"AAHdemoOpenUid000000000001",
 "created":"2026-01-02 10:00:01","pay_time":"2026-01-02 10:00:30","consign_time":"2026-01-03 09:12:00",
 "modified":"2026-01-05 18:20:11","payment":"218.00","total_fee":"228.00","discount_fee":"0.00","adjust_fee":"0.00",
 "post_fee":"0.00","received_payment":"0.00","has_yfx":true,"yfx_fee":"1.20",
 "buyer_message":"请在工作日配送","seller_memo":"VIP 先联系","seller_flag":1,
 "receiver_name":"虚**","receiver_mobile":"1380000****","receiver_state":"浙江省","receiver_city":"杭州市",
 "receiver_district":"余杭区","receiver_town":"示例街道","receiver_address":"示**路1号**园","receiver_zip":"000000",
 "oaid":"1demoOaid00000000000000000000000000000000000001","is_part_consign":false,
 "orders":{"order":[
  {"oid":4000000000000000102,"oid_str":"4000000000000000102","status":"WAIT_BUYER_CONFIRM_GOODS",
   "refund_status":"WAIT_SELLER_AGREE","refund_id":"70000000000000101","title":"示例保温杯 500ml","num_iid":600000000001,
   "sku_id":"5000000000001","sku_properties_name":"颜色分类:雾蓝","outer_iid":"CUP500","outer_sku_id":"CUP500-BL","num":1,
   "price":"129.00","total_fee":"129.00","payment":"129.00","divide_order_fee":"123.34","part_mjz_discount":"5.66",
   "logistics_company":"圆通速递","invoice_no":"YT0000000000001","consign_time":"2026-01-03 09:12:00","seller_type":"B"},
  {"oid":4000000000000000103,"status":"WAIT_BUYER_CONFIRM_GOODS","refund_status":"NO_REFUND","title":"示例杯刷",
   "num_iid":600000000002,"sku_id":"5000000000002","outer_iid":"BRUSH","num":2,"price":"49.50","total_fee":"99.00",
   "payment":"99.00","divide_order_fee":"94.66","logistics_company":"圆通速递","invoice_no":"YT0000000000001",
   "consign_time":"2026-01-03 09:12:00","timeout_action_time":"2026-01-13 09:12:00","seller_type":"B"}]},
 "promotion_details":{"promotion_detail":[{"id":4000000000000000101,"promotion_name":"店铺满减","discount_fee":"10.00"}]}},
 "request_id":"demo00000001"}}"""

INCREMENT = """{"trades_sold_increment_get_response":{"total_results":2,"trades":{"trade":[
 {"tid":4000000000000000101,"status":"WAIT_BUYER_CONFIRM_GOODS","type":"fixed","modified":"2026-01-05 18:20:11"},
 {"tid":4000000000000000201,"status":"WAIT_SELLER_SEND_GOODS","type":"fixed","modified":"2026-01-05 18:19:40"}]},
 "request_id":"demo00000002"}}"""
INCREMENT_EMPTY = '{"trades_sold_increment_get_response":{"has_next":false,"request_id":"demo00000003"}}'

REFUNDS = """{"refunds_receive_get_response":{"total_results":1,"refunds":{"refund":[
 {"refund_id":"70000000000000101","tid":4000000000000000101,"oid":4000000000000000102,"status":"WAIT_SELLER_AGREE",
  "dispute_type":"REFUND_AND_RETURN","order_status":"WAIT_BUYER_CONFIRM_GOODS","good_status":"BUYER_RECEIVED",
  "has_good_return":true,"refund_phase":"onsale","refund_version":1767608411000,"refund_fee":"123.34","total_fee":"129.00",
  "payment":"0.00","reason":"商品破损","desc":"杯盖裂开，见图","title":"示例保温杯 500ml","num":1,"outer_id":"CUP500-BL",
  "created":"2026-01-05 18:20:11","modified":"2026-01-05 18:20:11","buyer_open_uid":"AAHdemoOpenUid000000000001",
  "attribute":";disputeRequest:3;apply_init_refund_fee:12334;tod:259200000;itemBuyAmount:1;"}]},
 "request_id":"demo00000004"}}"""
REFUND = """{"refund_get_response":{"refund":{"refund_id":"70000000000000101","tid":4000000000000000101,
  "oid":4000000000000000102,"status":"WAIT_SELLER_CONFIRM_GOODS","dispute_type":"REFUND_AND_RETURN","has_good_return":true,
  "good_status":"BUYER_RETURNED_GOODS","refund_phase":"onsale","refund_version":1767781800000,"refund_fee":"123.34",
  "total_fee":"129.00","payment":"0.00","price":"129.00","num":1,"company_name":"中通快递","sid":"ZT0000000000009",
  "good_return_time":"2026-01-07 18:30:00","address":"示例仓，浙江省杭州市余杭区示例路9号","cs_status":1,"advance_status":0,
  "reason":"商品破损","desc":"杯盖裂开，见图",
  "refund_remind_timeout":{"exist_timeout":true,"remind_type":1,"timeout":"2026-01-17 18:30:00"},
  "created":"2026-01-05 18:20:11","modified":"2026-01-07 18:30:00"},"request_id":"demo00000005"}}"""

EXCHANGES = """{"tmall_exchange_receive_get_response":{"page_results":1,"total_results":1,"has_next":false,
 "results":{"exchange":[
 {"dispute_id":"80000000000000101","biz_order_id":"4000000000000000302","alipay_no":"4000000000000000301",
  "status":"换货待处理","reason":"尺码不合适","title":"示例卫衣","num":1,"price":"199.00","bought_sku":"颜色:灰;尺码:M",
  "exchange_sku":"颜色:灰;尺码:L","buyer_name":"虚**","buyer_phone":"1390000****","buyer_address":"示**路2号",
  "created":"2026-01-06 11:00:00","modified":"2026-01-06 11:00:00","time_out":"2026-01-09 11:00:00"}]},
 "request_id":"demo00000010"}}"""
EXCHANGE_UNKNOWN = """{"tmall_exchange_get_response":{"result":{"success":false,"msg_code":"DISPUTE_NOT_EXIST",
 "message":"换货单不存在"},"request_id":"demo00000011"}}"""
EXCHANGES_EMPTY = """{"tmall_exchange_receive_get_response":{"has_next":false,"page_results":0,"total_results":0,
 "request_id":"demo00000012"}}"""

TRACE = """{"logistics_trace_get_response":{"result":{"transit_step_result":[{"tid":4000000000000000101,
 "out_sid":"YT0000000000001","company_name":"圆通速递","status":"对方已签收","trace_list":{"transit_step_info":[
  {"status_time":"2026-01-03 20:10:00","status_desc":"【示例市】已揽收","action":"GOT"},
  {"status_time":"2026-01-04 06:30:00","status_desc":"离开【示例转运中心】","action":"DEPARTURE"},
  {"status_time":"2026-01-05 09:05:00","status_desc":"派送中","action":"SENT_SCAN"},
  {"status_time":"2026-01-05 15:41:00","status_desc":"已签收，签收人：门卫","action":"SIGNED"}]}}]},
 "request_id":"demo00000013"}}"""

BAN = """{"error_response":{"code":7,"msg":"App Call Limited",
 "sub_code":"accesscontrol.limited-by-api-access-count","sub_msg":"This ban will last for 1 more seconds",
 "request_id":"demo00000014"}}"""
BAD_SESSION = """{"error_response":{"code":27,"msg":"Invalid session","sub_code":"invalid-sessionkey",
 "sub_msg":"非法或过期的SessionKey参数，请使用有效的SessionKey参数","request_id":"demo00000015"}}"""

APPLICATIONS = """{"alibaba_einvoice_apply_get_response":{"is_success":true,"apply_list":{"apply":[{"platform_code":"TM",
 "platform_tid":"4000000000000000101","status":1,"trigger_status":"invoice_supply","invoice_kind":4,"business_type":1,
 "invoice_type":"blue","payer_name":"示例虚构有限公司","payer_register_no":"91330000DEMO00000X","invoice_amount":"218.00",
 "sum_price":"192.92","sum_tax":"25.08","invoice_items":{"invoice_item":[{"item_name":"示例保温杯","row_type":"0",
 "quantity":"1","price":"109.15","sum_price":"109.15","tax":"14.19","tax_rate":"0.13","amount":"123.34",
 "biz_order_id":"4000000000000000102","is_post_fee_row":false}]},"gmt_create":"2026-01-08 09:00:00"}]},
 "request_id":"demo00000023"}}"""
INVOICE_RESULTS = """{"alibaba_einvoice_create_result_get_response":{"invoice_result_list":{"invoice_result":[
 {"serial_no":"DEMO0000000000000001","status":"create_success","invoice_type":"blue","invoice_kind":0,
  "invoice_no":"26000000000000000001","invoice_date":"2026-01-08","invoice_amount":"218.00","platform_code":"tmall",
  "platform_tid":"4000000000000000101","file_data_type":"pdf","file_path":"http://127.0.0.1/sandbox/inv.pdf"}]},
 "request_id":"demo00000024"}}"""

MEMO_WRITTEN = """{"trade_memo_update_response":{"trade":{"tid":4000000000000000101,"modified":"2026-01-08 09:10:00"},
 "request_id":"demo00000025"}}"""
