"""An independent gateway: signs in by slixmpp and prints what happens, one JSON object a line.

The first line of standard input is a JSON object:
  host, port, jid, ca, password
  starttls     true: the port begins in the clear; else direct TLS
  plain_before_tls  true: says its password by PLAIN in the clear, without waiting for TLS
  tls          most TLS version: "1.2" or "1.3"
  mechanism    the one to use; absent: the strongest that both ends know
  binding      false: says that it cannot bind channels
  certificate, key   PEM files of its own, for EXTERNAL
  managed      true: XEP-0198
Each further line is a command: "report ID", "cut" (the connection breaks, and is made again), "end".
"""
import asyncio
import base64
import json
import ssl
import sys
import xml.etree.ElementTree as ET

import slixmpp

ROUTE = "urn:cardea:route:1"
MANAGEMENT = "urn:xmpp:sm:3"
VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


def say(**fact):
    print(json.dumps(fact), flush=True)


class Gateway(slixmpp.ClientXMPP):
    def __init__(self, config):
        mechanisms = {}
        if "mechanism" in config:
            mechanisms["use_mech"] = config["mechanism"]
        if config.get("binding") is False:
            mechanisms["sasl_callback"] = self.unbound
        self.config = config
        super().__init__(config["jid"], config["password"],
                         plugin_config={"feature_mechanisms": mechanisms})
        self.ca_certs = config["ca"]
        self.certfile = config.get("certificate")
        self.keyfile = config.get("key")
        self.ssl_context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.ssl_context.maximum_version = VERSIONS[config.get("tls", "1.3")]
        self.register_plugin("xep_0199")
        if config.get("managed"):
            self.register_plugin("xep_0198")
            self["xep_0198"].allow_resume = True
            self.add_event_handler("sm_enabled", self.on_enabled)
            self.add_event_handler("session_resumed", lambda _: say(event="resumed"))
            self.add_event_handler("sm_failed", lambda _: say(event="sm_failed"))
            self.add_event_handler("stanza_acked", lambda s: say(event="acked", id=s["id"]))
        self.register_handler(
            slixmpp.xmlstream.handler.Callback(
                "route frame",
                slixmpp.xmlstream.matcher.MatchXPath("{jabber:client}iq/{%s}frame" % ROUTE),
                self.on_frame,
            )
        )
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("failed_auth", lambda _: say(event="failed_auth"))
        self.add_event_handler("failed_all_auth", lambda _: self.finish("failed_all_auth"))
        self.add_event_handler("disconnected", self.on_disconnected)
        self.add_event_handler("stream_error", lambda e: say(event="stream_error", condition=e["condition"]))
        self.add_filter("out", self.on_sent)
        self.done = asyncio.Event()
        self.cutting = False

    def unbound(self, required, optional):
        return {"username": self.requested_jid.user, "password": self.config["password"], "channel_binding": b""}

    def data_received(self, data):
        # slixmpp itself does not expect a failure of what it did not choose.
        if self.config.get("plain_before_tls"):
            say(event="heard", text=data.decode())
        super().data_received(data)

    def start_stream_handler(self, xml):
        super().start_stream_handler(xml)
        if not self.config.get("plain_before_tls"):
            return
        message = base64.b64encode(("\0%s\0%s" % (self.requested_jid.user, self.config["password"])).encode()).decode()
        self.send_raw("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>" % message)

    def open(self):
        starttls = self.config.get("starttls", False)
        if self.config.get("plain_before_tls"):
            self.connect((self.config["host"], self.config["port"]), use_ssl=False, force_starttls=False,
                         disable_starttls=True)
            return
        self.connect((self.config["host"], self.config["port"]), use_ssl=not starttls,
                     force_starttls=starttls, disable_starttls=not starttls)

    def finish(self, event):
        say(event=event)
        self.done.set()

    def on_disconnected(self, _):
        if self.cutting:
            self.cutting = False
            say(event="cut")
            self.open()
        else:
            self.finish("disconnected")

    def on_enabled(self, enabled):
        say(event="enabled", id=enabled["id"], resume=enabled["resume"], max=enabled["max"])

    def on_sent(self, stanza):
        # The RAS names its pings so: this is the plugin's answer on its way.
        if stanza.xml.get("type") == "result" and str(stanza.xml.get("id")).startswith("ping-"):
            say(event="pinged", id=stanza.xml.get("id"))
        return stanza

    def on_start(self, _):
        mechanisms = self["feature_mechanisms"]
        transport = self.transport.get_extra_info("ssl_object")
        say(event="online", jid=str(self.boundjid), mechanism=mechanisms.mech.name,
            offered=sorted(mechanisms.mech_list), tls=transport.version(), features=sorted(self.features))
        asyncio.ensure_future(self.ping())

    async def ping(self):
        rtt = await self["xep_0199"].ping(jid=self.boundjid.domain, timeout=10)
        say(event="ping", answered=rtt >= 0)

    async def report(self, name):
        iq = self.make_iq_set()
        iq["id"] = name
        iq.append(ET.Element("{%s}progress" % ROUTE, {"id": name, "lock": "A1B2C3D4E5F6", "stage": "written"}))
        try:
            result = await iq.send(timeout=30)
            say(event="report", id=name, answer=result["type"])
        except slixmpp.exceptions.IqError as error:
            say(event="report", id=name, answer="error", condition=error.condition, text=error.text)

    async def nonsense(self):
        iq = self.make_iq_set()
        iq.append(ET.Element("{%s}open" % ROUTE))
        try:
            await iq.send(timeout=10)
        except slixmpp.exceptions.IqError as error:
            say(event="refused", condition=error.condition, text=error.text)

    def on_frame(self, iq):
        frame = iq.xml.find("{%s}frame" % ROUTE)
        say(event="frame", attributes=dict(frame.attrib), text=frame.text)
        iq.reply().send()

    async def obey(self, commands):
        while True:
            line = (await commands.readline()).decode().split()
            if not line:
                return
            if line[0] == "report":
                asyncio.ensure_future(self.report(line[1]))
            elif line[0] == "nonsense":
                asyncio.ensure_future(self.nonsense())
            elif line[0] == "cut":
                self.cutting = True
                self.transport.abort()
            elif line[0] == "end":
                self.disconnect()


async def main():
    commands = asyncio.StreamReader()
    await asyncio.get_event_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    gateway = Gateway(json.loads(await commands.readline()))
    gateway.open()
    obeying = asyncio.ensure_future(gateway.obey(commands))
    await gateway.done.wait()
    obeying.cancel()


asyncio.get_event_loop().run_until_complete(main())
