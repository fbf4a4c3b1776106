import type { Random } from "../../core/random.ts";

/** Texts such as an incident response team writes: several languages and scripts, markdown, long and short. */

const attacks = [
  "Phishing campaign",
  "Ransomware on file server",
  "Suspicious login",
  "Data exfiltration",
  "Fehlgeschlagene Anmeldungen",
  "Compromission de messagerie",
  "Malware beacon",
  "Insider download",
  "不審なプロセス",
  "Утечка учётных данных",
  "Web shell upload",
  "Business e-mail compromise",
];
const targets = [
  "against finance",
  "at site Zürich",
  "in the DMZ",
  "on host SRV-FILE-03",
  "via partner VPN",
  "für Benutzer müller",
  "chez le fournisseur Éclair",
  "東京支社",
  "by contractor Nuñez",
  "on the build farm 🛠️",
];
const findings = [
  "User reported the message at 08:14 and had opened the link.",
  "EDR shows `rundll32.exe` with an unknown DLL.",
  "Outbound traffic to an address that is on two block lists.",
  "The mailbox rule forwards to an external account.",
  "Im Protokoll fehlen vierzig Minuten.",
  "L'hôte a été isolé du réseau.",
  "ハッシュ値は既知の検体と一致した。",
  "No lateral movement was seen so far ✅",
];
const actions = [
  "Isolate host",
  "Collect memory image",
  "Reset credentials",
  "Inform data protection officer",
  "Block indicators",
  "Review firewall log",
  "Rückfrage beim Helpdesk",
  "Analyser l'en-tête",
];
const tagPool = [
  "phishing",
  "ransomware",
  "tlp:amber",
  "mitre:T1566",
  "mitre:T1059",
  "vip",
  "größere-Störung",
  "external",
  "重要",
];
const fileNames = [
  "memo",
  "Rechnung März",
  "écran de connexion",
  "スクリーンショット",
  "evidence (final)",
  "отчёт",
  "firewall_export",
  "naïve résumé",
];

export interface IncidentTexts {
  title(): string;
  /** Markdown of one to six paragraphs. */
  description(): string;
  sentence(): string;
  action(): string;
  tags(): readonly string[];
  fileName(extension: string): string;
}

export function incidentTexts(random: Random): IncidentTexts {
  const sentence = () => random.pick(findings);
  return {
    title: () => `${random.pick(attacks)} ${random.pick(targets)}`,
    description: () => {
      const paragraphs = Array.from({ length: 1 + random.whole(6) }, () => `${sentence()} ${sentence()}`);
      return `## ${random.pick(attacks)}\n\n${paragraphs.join("\n\n")}\n`;
    },
    sentence,
    action: () => random.pick(actions),
    tags: () => [...new Set(Array.from({ length: 1 + random.whole(3) }, () => random.pick(tagPool)))],
    fileName: (extension) => `${random.pick(fileNames)}-${random.whole(1000)}.${extension}`,
  };
}

/** Data of an observable that fits its type. */
export function observableData(dataType: string, random: Random, number: number): string {
  const byte = () => random.whole(256);
  switch (dataType) {
    case "ip":
      return `198.51.${byte()}.${byte()}`;
    case "domain":
      return `host${number}.bücher-${random.whole(999)}.example`;
    case "url":
      return `https://login-${number}.example/a?token=${random.whole(1_000_000)}&x=%C3%A9`;
    case "mail":
      return `invoice.${number}@example.net`;
    default:
      return `${number.toString(16).padStart(8, "0")}${Array.from({ length: 12 }, () => byte().toString(16).padStart(2, "0")).join("")}`;
  }
}
