/** The wire's words, generated from the server's schema; nothing here is written by hand twice. */
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type Me = Schemas['Me'];
export type AccountDeleted = Schemas['AccountDeleted'];
export type Setup = Schemas['Setup'];
export type VendorUse = Schemas['VendorUse'];
export type ProfileModel = Schemas['ProfileModel'];
export type Claim = ProfileModel['claims'][number];
export type Position = ProfileModel['experience'][number];
export type ProfileCorrection = Schemas['ProfileCorrection'];
export type NewInterview = Schemas['NewInterview'];
export type InterviewSummary = Schemas['InterviewSummary'];
export type InterviewStatus = InterviewSummary['status'];
export type Seniority = InterviewSummary['seniority'];
export type InterviewDetail = Schemas['InterviewDetail'];
export type InterviewPage = Schemas['InterviewPage'];
export type QuestionModel = Schemas['QuestionModel'];
export type QuestionKind = QuestionModel['kind'];
export type ProgressPoint = Schemas['ProgressPoint'];
export type Results = Schemas['Results'];
export type Overall = Schemas['Overall'];
export type QuestionResult = Schemas['QuestionResult'];
export type ResponseModel = Schemas['ResponseModel'];
export type Score = Schemas['ScoreModel'];
export type Evidence = Score['evidence'][number];
export type Measurement = ResponseModel['measurements'][number];
export type Utterance = Schemas['UtteranceModel'];
export type Video = Schemas['VideoModel'];
export type VideoPart = Schemas['VideoPart'];
export type AvatarModel = Schemas['AvatarModel'];
export type Author = Schemas['AuthorModel'];
export type AdminSpending = Schemas['AdminSpending'];
export type AdminNumbers = Schemas['AdminNumbers'];
export type AdminUserPage = Schemas['AdminUserPage'];
export type AdminInterviewPage = Schemas['AdminInterviewPage'];
