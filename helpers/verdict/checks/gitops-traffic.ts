import { trafficChecks } from './traffic.ts';

/** What a rollback through Git alone costs those who call meanwhile: gateway, server and policy are taken back by one commit. */
export const { observerSaw, newConnections, keptConnections, callsInFlight, sessionCalls, sessionsKept, noStall } =
  trafficChecks('gitops.deploy', 'commits are taken back by git revert');
