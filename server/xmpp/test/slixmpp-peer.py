"""An independent gateway: signs in by slixmpp and prints what happens, one JSON object a line.

Arguments: host, port, JID, CA file. The password comes in on the first line of standard input.
"""
import asyncio
import json
import ssl
import sys
import xml.etree.ElementTree as ET

import slixmpp

ROUTE = "urn:cardea:route:1"


def say(**fact):
    print(json.dumps(fact), flush=True)


class Gateway(slixmpp.ClientXMPP):
    def __init__(self, jid, password, ca):
        super().__init__(jid, password)
        self.ca_certs = ca
        self.ssl_context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.register_plugin("xep_0199")
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
        self.add_event_handler("disconnected", lambda _: self.finish("disconnected"))
        self.add_event_handler("stream_error", lambda e: say(event="stream_error", condition=e["condition"]))
        self.add_filter("out", self.on_sent)
        self.done = asyncio.Event()

    def finish(self, event):
        say(event=event)
        self.done.set()

    def on_sent(self, stanza):
        # The RAS names its pings so: this is the plugin's answer on its way.
        if stanza.xml.get("type") == "result" and str(stanza.xml.get("id")).startswith("ping-"):
            say(event="pinged", id=stanza.xml.get("id"))
        return stanza

    def on_start(self, _):
        say(event="online", jid=str(self.boundjid), mechanism=self["feature_mechanisms"].mech.name,
            offered=sorted(self["feature_mechanisms"].mech_list))
        asyncio.ensure_future(self.use())

    async def use(self):
        rtt = await self["xep_0199"].ping(jid=self.boundjid.domain, timeout=10)
        say(event="ping", answered=rtt >= 0)
        iq = self.make_iq_set()
        report = ET.Element("{%s}progress" % ROUTE, {"id": "att_1", "lock": "A1B2C3D4E5F6", "stage": "written"})
        iq.append(report)
        result = await iq.send(timeout=10)
        say(event="report", answer=result["type"])
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


async def main():
    host, port, jid, ca = sys.argv[1:5]
    password = sys.stdin.readline().rstrip("\n")
    gateway = Gateway(jid, password, ca)
    gateway.connect((host, int(port)), use_ssl=True, force_starttls=False, disable_starttls=True)
    await gateway.done.wait()


asyncio.get_event_loop().run_until_complete(main())
