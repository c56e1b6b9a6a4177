import { Module } from '@nestjs/common';
import { AlertIntake } from './alert-intake';
import { AlertsController } from './alerts.controller';

/** Intake: from a webhook body to stored firings and queued triages. */
@Module({ controllers: [AlertsController], providers: [AlertIntake] })
export class AlertsModule {}
